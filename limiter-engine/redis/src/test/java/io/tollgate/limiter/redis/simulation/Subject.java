package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.NamespaceKeys;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Who is limited, by what.
 *
 * @param number of all subjects of a schedule
 */
record Subject(int number, Rules.Rule rule, String identifier) {

  static final Realm REALM = Realm.live("standalone");

  /** Asked for all the time; the number tells subjects of a schedule apart. */
  @Override
  public int hashCode() {
    return number;
  }

  List<Limit> limits() {
    return rule.limits();
  }

  /** One of its limits, by its number. */
  record Part(Subject subject, int limit) {}

  List<Part> parts() {
    return IntStream.range(0, limits().size()).mapToObj(i -> new Part(this, i)).toList();
  }

  /** Whose state changes in one step; where owners are apart, each limit has another one. */
  private String owner(int limit) {
    return rule.apart() && limit > 0 ? identifier + " and all " + limit : identifier;
  }

  /** Whether units of some limit are taken ahead. */
  boolean isAhead() {
    return limits().stream().anyMatch(Limit::allots);
  }

  /** A question for so many units of each limit. */
  CheckBuffer question(KeyHasher hasher, long cost) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    NamespaceKeys keys = hasher.keys(REALM, rule.namespace());
    for (int i = 0; i < limits().size(); i++) {
      String owner = owner(i);
      buffer.add(limits().get(i), keys.key(owner, owner), owner, cost);
    }
    return buffer;
  }
}
