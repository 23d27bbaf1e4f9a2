package io.tollgate.server.config;

import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.server.text.NearestName;
import io.tollgate.server.text.Shown;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The limits of one namespace by name, wherever in it they stand; no name may repeat. */
final class LimitTable {

  private record Declared(Position at, Optional<LimitSpec> spec) {}

  private final Map<String, Declared> byName = new LinkedHashMap<>();

  /**
   * Enters a limit; reports a name that is taken.
   *
   * @param spec empty when the limit is wrong: its name is still known to those who refer to it
   */
  void declare(String name, Value at, Optional<LimitSpec> spec) {
    Declared first = byName.putIfAbsent(name, new Declared(at.at(), spec));
    if (first != null) {
      at.invalid(
          at.shown() + " is used twice in this namespace, first at " + first.at,
          "give each limit a name of its own");
    }
  }

  /** The limit that a name refers to; reports one that refers to none. */
  Optional<LimitSpec> refer(String name, Position at, Value value) {
    Declared declared = byName.get(name);
    if (declared == null) {
      List<String> names = byName.keySet().stream().sorted().limit(10).toList();
      String fix =
          NearestName.of(name, byName.keySet())
              .map(near -> "did you mean '" + near + "'?")
              .orElse(
                  names.isEmpty()
                      ? "this namespace has no limits; define one"
                      : "this namespace has " + String.join(", ", names));
      value
          .problems()
          .invalid(at, value.pointer(), "no limit has the name " + Shown.quoted(name), fix);
      return Optional.empty();
    }
    return declared.spec;
  }
}
