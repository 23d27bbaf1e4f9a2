package io.tollgate.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;

/**
 * The families of one scrape, as they are put together.
 *
 * <p>Names of counters are given without {@code _total}, and of information without {@code _info}:
 * the formats add these.
 */
final class Families {

  private final MetricSnapshots.Builder all = MetricSnapshots.builder();

  void add(MetricSnapshot family) {
    all.metricSnapshot(family);
  }

  void info(String name, String help, String label, String value) {
    add(
        InfoSnapshot.builder()
            .name(name)
            .help(help)
            .dataPoint(InfoDataPointSnapshot.builder().labels(Labels.of(label, value)).build())
            .build());
  }

  void gauge(String name, String help, Number value) {
    gauge(name, help, Map.of(Labels.EMPTY, value));
  }

  void gauge(String name, String help, Map<Labels, ? extends Number> values) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
    values.forEach((labels, value) ->
        family.dataPoint(
            GaugeDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build()));
    add(family.build());
  }

  void counter(String name, String help, Number value) {
    counter(name, help, Map.of(Labels.EMPTY, value));
  }

  void counter(String name, String help, Map<Labels, ? extends Number> values) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
    values.forEach((labels, value) ->
        family.dataPoint(
            CounterDataPointSnapshot.builder().labels(labels).value(value.doubleValue()).build()));
    add(family.build());
  }

  MetricSnapshots snapshots() {
    return all.build();
  }
}
