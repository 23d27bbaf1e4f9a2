package io.tollgate.server.metrics;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * All metrics of one server.
 *
 * <p>Safe for use by any number of threads. The library that writes the text is loaded by the first
 * scrape, so a server that nobody scrapes does not pay for it.
 */
public final class Metrics {

  private final Sources sources;

  /** One for each event loop; they live as long as the server. */
  private final List<LoopMetrics> loops = new CopyOnWriteArrayList<>();

  private final ThreadLocal<LoopMetrics> ofThread;

  /**
   * Metrics of a server that has counted nothing yet.
   *
   * @param nanoClock measures durations, as {@link System#nanoTime} does
   */
  public Metrics(Sources sources, LongSupplier nanoClock) {
    this.sources = sources;
    this.ofThread =
        ThreadLocal.withInitial(() -> {
          LoopMetrics loop = new LoopMetrics(sources.namespaces(), nanoClock);
          loops.add(loop);
          return loop;
        });
  }

  /** The counters of the calling event loop, whose thread alone may use them. */
  public LoopMetrics ofThisLoop() {
    return ofThread.get();
  }

  /** Connections of both ports that were closed at once, since there were too many. */
  public long refusedConnections() {
    return sum(of -> of.refused);
  }

  /** Connections of both ports that never came to speak TLS. */
  public long failedHandshakes() {
    return sum(of -> of.failedHandshakes);
  }

  private long sum(Function<PortMetrics, Cell> count) {
    long sum = 0;
    for (LoopMetrics loop : loops) {
      for (Port port : Port.values()) {
        sum += count.apply(loop.of(port)).get();
      }
    }
    return sum;
  }

  /**
   * Writes all metrics; takes some 50 ms for each 10,000 series, so never call it on an event loop.
   *
   * @param accept the Accept header; empty when there is none
   * @return the content type of what was written
   */
  public String scrape(String accept, OutputStream out) throws IOException {
    return Scrape.write(sources, loops, accept, out);
  }
}
