package io.tollgate.server.metrics;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The families that event loops count: each number is the sum over the loops. */
final class LoopFamilies {

  private final Families families;
  private final List<LoopMetrics> loops;

  private LoopFamilies(Families families, List<LoopMetrics> loops) {
    this.families = families;
    this.loops = loops;
  }

  /** Adds all; forgets the counters of namespaces that are in force no more. */
  static void add(Families families, List<LoopMetrics> loops, Supplier<Set<String>> namesInForce) {
    LoopFamilies of = new LoopFamilies(families, loops);
    of.decisions(namesInForce);
    of.durations();
    of.answers();
    of.rpcs();
    of.commands();
    of.descriptors(namesInForce);
    of.connections();
  }

  private void decisions(Supplier<Set<String>> namesInForce) {
    // Names are seen before they are asked for: one that is new in between must not be forgotten.
    Set<String> seen = new HashSet<>();
    forEachVerb((_, of) -> seen.addAll(of.decisions.keySet()));
    Set<String> inForce = namesInForce.get();
    Map<Labels, Long> sums = new HashMap<>();
    forEachVerb((verb, of) -> {
      of.decisions.keySet().removeIf(name -> seen.contains(name) && !inForce.contains(name));
      of.decisions.forEach((namespace, tally) -> {
        if (inForce.contains(namespace)) {
          tally.forEach((words, n) -> sums.merge(decision(namespace, verb, words), n, Long::sum));
        }
      });
    });
    families.counter("tollgate_checks", "Decisions that were answered.", sums);
  }

  private void forEachVerb(BiConsumer<Verb, VerbMetrics> reader) {
    for (LoopMetrics loop : loops) {
      Verb.ALL.forEach(verb -> reader.accept(verb, loop.of(verb)));
    }
  }

  private static Labels decision(String namespace, Verb verb, Tally.Words words) {
    return Labels.of(
        "namespace",
        namespace,
        "verb",
        label(verb),
        "algorithm",
        words.first(),
        "decision",
        lower(words.second()));
  }

  private void durations() {
    HistogramSnapshot.Builder family =
        HistogramSnapshot.builder()
            .name("tollgate_check_duration_seconds")
            .help("From the arrival of the bytes to the hand-over of the answer.");
    for (Verb verb : Verb.ALL) {
      List<Durations> all = loops.stream().map(loop -> loop.of(verb).durations).toList();
      family.dataPoint(Durations.sum(all, Labels.of("verb", label(verb))));
    }
    families.add(family.build());
  }

  private void answers() {
    Map<Labels, Long> sums = new HashMap<>();
    for (LoopMetrics loop : loops) {
      loop.answers()
          .forEach((route, tally) ->
              tally.forEach((words, n) -> sums.merge(answer(route, words), n, Long::sum)));
    }
    families.counter("tollgate_http_requests", "Requests that were answered.", sums);
  }

  private static Labels answer(String route, Tally.Words words) {
    return Labels.of("route", route, "status", words.first(), "code", lower(words.second()));
  }

  private void rpcs() {
    Map<Labels, Long> sums = new HashMap<>();
    for (LoopMetrics loop : loops) {
      loop.rpcs()
          .forEach((method, tally) ->
              tally.forEach((words, n) -> sums.merge(rpc(method, words), n, Long::sum)));
    }
    families.counter("tollgate_grpc_requests", "Calls over gRPC that were answered.", sums);
  }

  private static Labels rpc(String method, Tally.Words words) {
    return Labels.of(
        "method", method, "status", lower(words.first()), "code", lower(words.second()));
  }

  private void commands() {
    Map<Labels, Long> sums = new HashMap<>();
    for (LoopMetrics loop : loops) {
      loop.commands().forEach((words, n) -> sums.merge(command(words), n, Long::sum));
    }
    families.counter("tollgate_resp_commands", "Commands of Redis clients, answered.", sums);
  }

  private static Labels command(Tally.Words words) {
    return Labels.of("command", words.first(), "result", lower(words.second()));
  }

  private void descriptors(Supplier<Set<String>> namesInForce) {
    Set<String> seen = new HashSet<>();
    for (LoopMetrics loop : loops) {
      loop.descriptors().told.keySet().forEach(key -> seen.add(key.namespace()));
      seen.addAll(loop.descriptors().negative.keySet());
    }
    Set<String> gone = new HashSet<>(seen);
    gone.removeAll(namesInForce.get());
    Map<Labels, Long> told = new HashMap<>();
    Map<Labels, Long> negative = new HashMap<>();
    for (LoopMetrics loop : loops) {
      DescriptorMetrics of = loop.descriptors();
      of.told.keySet().removeIf(key -> gone.contains(key.namespace()));
      of.negative.keySet().removeAll(gone);
      of.told.forEach((key, tally) ->
          tally.forEach((words, n) -> told.merge(descriptor(key, words), n, Long::sum)));
      of.negative.forEach((name, tally) ->
          tally.forEach((words, n) -> negative.merge(negative(name, words), n, Long::sum)));
    }
    families.counter("tollgate_descriptors", "Descriptors of Envoy's that a rule matched.", told);
    families.counter(
        "tollgate_negative_hits", "Descriptors whose hits Envoy has taken back.", negative);
  }

  private static Labels descriptor(DescriptorMetrics.Key key, Tally.Words words) {
    return Labels.of(
        "namespace", key.namespace(), "descriptor", key.descriptor(), "result", words.first());
  }

  private static Labels negative(String namespace, Tally.Words words) {
    return Labels.of("namespace", namespace, "result", words.first());
  }

  private void connections() {
    Map<Labels, Long> open = new HashMap<>();
    // The closed ones first: one that closes in between must not make it negative.
    Map<Labels, Long> closed = perPort(of -> of.closed);
    Map<Labels, Long> opened = perPort(of -> of.opened);
    opened.forEach((port, n) -> open.put(port, n - closed.getOrDefault(port, 0L)));
    families.gauge("tollgate_http_connections", "Connections that are open.", open);
    families.counter("tollgate_http_connections_accepted", "Connections that were opened.", opened);
    families.counter(
        "tollgate_http_connections_refused",
        "Connections that were closed at once, since there were too many.",
        perPort(of -> of.refused));
    families.counter(
        "tollgate_tls_handshakes_failed",
        "Connections that never came to speak TLS.",
        perPort(of -> of.failedHandshakes));
  }

  private Map<Labels, Long> perPort(Function<PortMetrics, Cell> count) {
    Map<Labels, Long> sums = new HashMap<>();
    for (Port port : Port.values()) {
      long sum = loops.stream().mapToLong(loop -> count.apply(loop.of(port)).get()).sum();
      sums.put(Labels.of("port", label(port)), sum);
    }
    return sums;
  }

  private static String label(Enum<?> constant) {
    return lower(constant.name());
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
