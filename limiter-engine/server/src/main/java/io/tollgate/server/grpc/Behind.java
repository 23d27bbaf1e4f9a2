package io.tollgate.server.grpc;

import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.metrics.Metrics;
import java.time.InstantSource;

/** What every call must know. */
record Behind(Limiter limiter, Realm realm, Metrics metrics, InstantSource clock) {}
