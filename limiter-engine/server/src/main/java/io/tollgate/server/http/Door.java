package io.tollgate.server.http;

import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.http.Route.Access;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/**
 * What every connection of a port must know.
 *
 * @param realm whose counters are asked
 * @param ready whether checks are answered; asked on event loops, so it must not block
 * @param keys who may ask
 * @param checks whether this is the port of checks, or the operator's
 * @param clock the time in dates and ids; limits have their own
 */
record Door(
    Limiter limiter,
    Realm realm,
    BooleanSupplier ready,
    Keys keys,
    boolean checks,
    InstantSource clock) {

  /** Whether a route is asked on this port. */
  boolean has(Route route) {
    return checks || route.access() != Access.CHECK;
  }
}
