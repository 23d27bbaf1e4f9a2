package io.tollgate.server.metrics;

import io.tollgate.limiter.concurrency.AdaptiveConcurrency;
import io.tollgate.limiter.store.StoreStats;
import io.tollgate.server.limits.LimitsState;
import io.tollgate.server.tls.TlsState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * What a scrape asks the rest of the server; each is called from any thread and must not block.
 *
 * @param version of the program
 * @param namespaces the configured names in force; series of other names end. An event loop asks
 *     too, when far more names have come and gone than may be in force
 * @param store what the store holds
 * @param limits how the configuration fares
 * @param redis what is counted of Redis; empty where counters are in memory
 * @param errorBounds by how much limits of which units are taken ahead may be wrong, by namespace
 *     and name, if there are so many holders; asked only where counters are in Redis
 * @param adaptive the numbers in force of limits that adapt
 * @param tls how certificate and key fare; empty without TLS
 */
public record Sources(
    String version,
    Supplier<Set<String>> namespaces,
    Supplier<StoreStats> store,
    Supplier<LimitsState> limits,
    Supplier<Optional<RedisMetrics>> redis,
    IntFunction<Map<String, Map<String, Long>>> errorBounds,
    Supplier<List<AdaptiveConcurrency.InForce>> adaptive,
    Supplier<Optional<TlsState>> tls) {}
