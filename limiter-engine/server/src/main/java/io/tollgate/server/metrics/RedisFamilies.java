package io.tollgate.server.metrics;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.Observer.Units;
import io.tollgate.limiter.redis.RedisStore;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The families of a store in Redis: each number is the sum over the event loops. */
final class RedisFamilies {

  private RedisFamilies() {}

  static void add(
      Families families,
      RedisMetrics redis,
      IntFunction<Map<String, Map<String, Long>>> errorBounds) {
    RedisStore.State state = redis.state();
    List<RedisLoop> loops = redis.loops();
    families.gauge(
        "tollgate_redis_connections", "Connections that there should be.", state.links());
    families.gauge("tollgate_redis_connections_up", "Connections that can be used.", state.up());
    families.gauge(
        "tollgate_redis_instances",
        "Instances that shared Redis when it was last seen.",
        state.instances());
    families.add(
        HistogramSnapshot.builder()
            .name("tollgate_redis_call_duration_seconds")
            .help("From the sending of a script call to its answer.")
            .dataPoint(
                Durations.sum(loops.stream().map(loop -> loop.durations).toList(), Labels.EMPTY))
            .build());
    families.counter(
        "tollgate_redis_steps",
        "Checks and other steps in calls that were answered.",
        sum(loops, loop -> loop.steps));
    families.counter(
        "tollgate_redis_failures", "Steps that have no answer of Redis.", failures(loops));
    families.counter(
        "tollgate_redis_downs",
        "How often a connection could not be used any more.",
        sum(loops, loop -> loop.downs));
    families.counter(
        "tollgate_redis_reanchored",
        "States moved back after Redis's clock was stepped forward and back.",
        sum(loops, loop -> loop.reanchored));
    families.counter(
        "tollgate_checks_degraded",
        "Checks that a policy has decided, since Redis had not.",
        sum(loops, loop -> loop.degraded));
    families.counter(
        "tollgate_checks_cached",
        "Checks denied as one a moment before was, without Redis.",
        sum(loops, loop -> loop.cached));
    allotments(families, loops, errorBounds.apply(state.holders()));
  }

  private static void allotments(
      Families families, List<RedisLoop> loops, Map<String, Map<String, Long>> bounds) {
    families.counter(
        "tollgate_allotment_takes",
        "Steps that have taken units of a limit ahead.",
        sum(loops, loop -> loop.takes));
    Map<Labels, Long> sums = new HashMap<>();
    for (Units what : Units.values()) {
      sums.put(
          Labels.of("event", what.name().toLowerCase(Locale.ROOT)),
          loops.stream().mapToLong(loop -> loop.ahead(what)).sum());
    }
    families.counter(
        "tollgate_allotment_units", "What has become of units that were taken ahead.", sums);
    families.gauge(
        "tollgate_allotment_outstanding",
        "Units that were taken ahead and are neither spent nor gone.",
        loops.stream().mapToLong(RedisLoop::outstanding).sum());
    Map<Labels, Long> ofLimits = new HashMap<>();
    bounds.forEach((namespace, limits) ->
        limits.forEach((limit, bound) ->
            ofLimits.put(Labels.of("namespace", namespace, "limit", limit), bound)));
    families.gauge(
        "tollgate_allotment_error_bound",
        "Units that all instances together may have in hand of a limit.",
        ofLimits);
  }

  private static Map<Labels, Long> failures(List<RedisLoop> loops) {
    Map<Labels, Long> sums = new HashMap<>();
    for (Fault fault : Fault.values()) {
      sums.put(
          Labels.of("fault", fault.name().toLowerCase(Locale.ROOT)),
          loops.stream().mapToLong(loop -> loop.faults(fault)).sum());
    }
    sums.put(Labels.of("fault", "refused"), sum(loops, loop -> loop.refused));
    return sums;
  }

  private static long sum(List<RedisLoop> loops, Function<RedisLoop, Cell> count) {
    return loops.stream().mapToLong(loop -> count.apply(loop).get()).sum();
  }
}
