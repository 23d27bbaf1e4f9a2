package io.tollgate.server.http;

import io.netty.util.ResourceLeakDetector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Netty's leak detector, which also remembers what it found; named in the module's pom. */
public final class CountingLeakDetector<T> extends ResourceLeakDetector<T> {

  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  /** Called by Netty, by reflection. */
  public CountingLeakDetector(Class<?> type, int samplingInterval) {
    super(type, samplingInterval);
  }

  /** Called by Netty, by reflection. */
  public CountingLeakDetector(Class<?> type, int samplingInterval, long maxActive) {
    this(type, samplingInterval);
  }

  static Queue<String> leaks() {
    return LEAKS;
  }

  @Override
  protected void reportTracedLeak(String type, String records) {
    LEAKS.add(records);
  }

  @Override
  protected void reportUntracedLeak(String type) {
    LEAKS.add(type);
  }
}
