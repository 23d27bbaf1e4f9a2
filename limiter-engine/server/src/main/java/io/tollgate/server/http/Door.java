package io.tollgate.server.http;

import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What every connection of a port must know.
 *
 * @param realm whose counters are asked
 * @param ready whether checks are answered; asked on event loops, so it must not block
 * @param token what those who check must show
 * @param checks whether this port answers checks, or health alone
 * @param clock the time in dates and ids; limits have their own
 */
record Door(
    Limiter limiter,
    Realm realm,
    BooleanSupplier ready,
    Optional<CheckToken> token,
    boolean checks,
    InstantSource clock) {}
