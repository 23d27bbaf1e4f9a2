package io.tollgate.server.http;

import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.http.HttpDoor.Parts;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Port;
import java.time.InstantSource;

/**
 * What every connection of a port must know.
 *
 * @param parts what it works with
 * @param background where administrators' changes are made
 * @param scrapes where metrics are put together
 * @param keys who may ask
 * @param traffic the connections of both ports
 * @param proxies whose forwarded addresses are believed
 * @param checks whether this is the port of checks, or the operator's
 */
record Door(
    Parts parts,
    Background background,
    Background scrapes,
    Keys keys,
    Traffic traffic,
    TrustedProxies proxies,
    boolean checks) {

  Limiter limiter() {
    return parts.limiter();
  }

  Realm realm() {
    return parts.realm();
  }

  InstantSource clock() {
    return parts.clock();
  }

  Metrics metrics() {
    return parts.metrics();
  }

  /** Under which name its connections are counted. */
  Port port() {
    return checks ? Port.CHECKS : Port.ADMIN;
  }

  /** Whether a route is asked on this port. */
  boolean has(Route route) {
    return switch (route.access()) {
      case CHECK, GATEWAY -> checks;
      case OPEN -> !checks;
      case ADMIN, HEALTH -> true;
    };
  }
}
