package io.tollgate.server.config;

import io.tollgate.server.text.NearestName;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;

/** Time zones by their names in the tz database, such as {@code Europe/Berlin}. */
final class Zones {

  private static final Set<String> NAMES = Set.copyOf(ZoneId.getAvailableZoneIds());

  private Zones() {}

  static Optional<ZoneId> read(Value value) {
    Optional<String> name = value.text();
    if (name.isPresent() && !NAMES.contains(name.get())) {
      String fix =
          NearestName.of(name.get(), NAMES)
              .map(near -> "did you mean '" + near + "'?")
              .orElse("write a name such as Europe/Berlin or UTC");
      value.invalid(value.shown() + " is not a time zone", fix);
      return Optional.empty();
    }
    return name.map(ZoneId::of);
  }
}
