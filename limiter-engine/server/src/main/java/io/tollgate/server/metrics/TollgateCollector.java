package io.tollgate.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** Turns the counters into the library's snapshots, anew for each scrape. */
final class TollgateCollector implements MultiCollector {

  private final Sources sources;
  private final List<LoopMetrics> loops;

  TollgateCollector(Sources sources, List<LoopMetrics> loops) {
    this.sources = sources;
    this.loops = loops;
  }

  @Override
  public MetricSnapshots collect() {
    Families families = new Families();
    families.info("tollgate_build", "The running program.", "version", sources.version());
    LoopFamilies.add(families, loops, sources.namespaces());
    StateFamilies.add(families, sources);
    ProcessFamilies.add(families);
    return families.snapshots();
  }
}
