package io.tollgate.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;

/** The usual families of a process and of its JVM, under their usual names. */
final class ProcessFamilies {

  private ProcessFamilies() {}

  static void add(Families families) {
    ProcessHandle.Info info = ProcessHandle.current().info();
    info.totalCpuDuration()
        .ifPresent(cpu ->
            families.counter(
                "process_cpu_seconds", "Processor time, user and system.", cpu.toMillis() / 1e3));
    info.startInstant()
        .ifPresent(start ->
            families.gauge(
                "process_start_time_seconds",
                "When the process began.",
                start.toEpochMilli() / 1e3));
    ProcFiles.residentBytes()
        .ifPresent(bytes ->
            families.gauge(
                "process_resident_memory_bytes", "Memory of the process that is in RAM.", bytes));
    ProcFiles.openFiles()
        .ifPresent(n -> families.gauge("process_open_fds", "Open file descriptors.", n));
    ProcFiles.mostOpenFiles()
        .ifPresent(n -> families.gauge("process_max_fds", "File descriptors that may be open.", n));
    heap(families, Runtime.getRuntime());
    collections(families);
  }

  private static void heap(Families families, Runtime runtime) {
    Labels heap = Labels.of("area", "heap");
    long used = runtime.totalMemory() - runtime.freeMemory();
    families.gauge("jvm_memory_used_bytes", "Memory in use.", Map.of(heap, used));
    families.gauge(
        "jvm_memory_committed_bytes",
        "Memory taken from the system.",
        Map.of(heap, runtime.totalMemory()));
    families.gauge(
        "jvm_memory_max_bytes", "Memory that may be in use.", Map.of(heap, runtime.maxMemory()));
  }

  private static void collections(Families families) {
    SummarySnapshot.Builder family =
        SummarySnapshot.builder()
            .name("jvm_gc_collection_seconds")
            .help("Time of garbage collections.");
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      family.dataPoint(
          SummaryDataPointSnapshot.builder()
              .labels(Labels.of("gc", collector.getName()))
              .count(collector.getCollectionCount())
              .sum(collector.getCollectionTime() / 1e3)
              .build());
    }
    families.add(family.build());
  }
}
