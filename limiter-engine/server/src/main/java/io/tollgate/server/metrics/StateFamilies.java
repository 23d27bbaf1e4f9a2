package io.tollgate.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.tollgate.limiter.concurrency.AdaptiveConcurrency.InForce;
import io.tollgate.limiter.store.StoreStats;
import io.tollgate.server.limits.LimitsState;
import io.tollgate.server.tls.TlsState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The families that other parts of the server know: the store and the configuration. */
final class StateFamilies {

  private StateFamilies() {}

  static void add(Families families, Sources sources) {
    store(families, sources.store().get());
    config(families, sources.limits().get());
    adaptive(families, sources.adaptive().get());
    sources
        .redis()
        .get()
        .ifPresent(redis -> RedisFamilies.add(families, redis, sources.errorBounds()));
    sources.tls().get().ifPresent(tls -> tls(families, tls));
  }

  private static void store(Families families, StoreStats stats) {
    families.gauge("tollgate_store_keys", "Counters of fixed size.", stats.keys());
    families.gauge(
        "tollgate_store_bytes",
        "Memory of counters.",
        Map.of(
            Labels.of("part", "cells"),
            stats.cellBytes(),
            Labels.of("part", "side"),
            stats.sideBytes()));
    families.counter(
        "tollgate_store_evicted", "Keys forgotten because there was no room.", stats.evicted());
    families.counter(
        "tollgate_store_refused", "Steps denied because there was no room.", stats.refused());
    families.counter(
        "tollgate_store_reanchored",
        "States moved back after the clock was stepped forward and back.",
        stats.reanchored());
  }

  private static void config(Families families, LimitsState limits) {
    families.gauge(
        "tollgate_config_valid",
        "1 when the last read of the limits file was good, else 0.",
        limits.valid() ? 1 : 0);
    families.gauge(
        "tollgate_config_last_reload_timestamp_seconds",
        "When the limits in force were read.",
        seconds(limits.loadedAt()));
    families.counter(
        "tollgate_config_reloads",
        "Changed limits files that were read.",
        results(limits.reloads(), limits.failedReloads()));
    families.gauge(
        "tollgate_config_namespaces",
        "Namespaces that are configured.",
        Map.of(
            Labels.of("source", "file"),
            limits.fileNamespaces(),
            Labels.of("source", "api"),
            limits.apiNamespaces()));
  }

  private static void adaptive(Families families, List<InForce> limits) {
    families.gauge(
        "tollgate_adaptive_counters",
        "Counters for which a limit that adapts has a number in force.",
        byLimit(limits, InForce::counters));
    families.gauge(
        "tollgate_adaptive_limit_least",
        "The least units that may be held of a limit that adapts, of all its counters.",
        byLimit(limits, InForce::least));
    families.gauge(
        "tollgate_adaptive_limit_most",
        "The most units that may be held of a limit that adapts, of all its counters.",
        byLimit(limits, InForce::most));
  }

  private static Map<Labels, Number> byLimit(
      List<InForce> limits, Function<InForce, Number> number) {
    return limits.stream()
        .collect(
            Collectors.toMap(
                of -> Labels.of("namespace", of.namespace(), "limit", of.limit()), number));
  }

  private static void tls(Families families, TlsState tls) {
    families.gauge(
        "tollgate_tls_valid",
        "1 when the last read of certificate and key was good, else 0.",
        tls.valid() ? 1 : 0);
    families.gauge(
        "tollgate_tls_certificate_expiry_timestamp_seconds",
        "When the certificate in force expires.",
        seconds(tls.notAfter()));
    families.counter(
        "tollgate_tls_reloads",
        "Changed certificates and keys that were read.",
        results(tls.reloads(), tls.failedReloads()));
  }

  private static Map<Labels, Long> results(long good, long bad) {
    return Map.of(Labels.of("result", "success"), good, Labels.of("result", "failure"), bad);
  }

  private static double seconds(Instant instant) {
    return instant.toEpochMilli() / 1e3;
  }
}
