package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.List;

/**
 * Who is limited, by what.
 *
 * @param number of all subjects of a schedule
 */
record Subject(int number, Rules.Rule rule, String identifier) {

  static final Realm REALM = Realm.live("standalone");

  List<Limit> limits() {
    return rule.limits();
  }

  /** Whether units of some limit are taken ahead. */
  boolean isAhead() {
    return limits().stream().anyMatch(Limit::allots);
  }

  /** A question for so many units of each limit. */
  CheckBuffer question(KeyHasher hasher, long cost) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    var key = hasher.keys(REALM, rule.namespace()).key(identifier, identifier);
    for (Limit limit : rule.limits()) {
      buffer.add(limit, key, identifier, cost);
    }
    return buffer;
  }
}
