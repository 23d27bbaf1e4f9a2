package io.tollgate.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.store.StoreStats;
import io.tollgate.server.Exposition;
import io.tollgate.server.limits.LimitsState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What loops count is what a scrape says. */
class LoopMetricsTest {

  private static final Decision ALLOWED = new Decision.Allowed(0, List.of(), -1, 0, false);
  private static final Decision DENIED =
      new Decision.Denied(DecisionCode.OVERLOADED, 0, List.of(), -1, false);

  private static final LimitsState LIMITS =
      new LimitsState(
          false, Instant.ofEpochMilli(1_500), Instant.EPOCH, 1, Optional.of("x"), 7, 8, 9, 10);

  private final Set<String> names = ConcurrentHashMap.newKeySet();
  private final AtomicLong nanos = new AtomicLong();
  private final Metrics metrics =
      new Metrics(
          new Sources(
              "1",
              () -> Set.copyOf(names),
              () -> new StoreStats(1, 2, 3, 4, 5, 6),
              () -> LIMITS,
              Optional::empty,
              _ -> Map.of(),
              List::of,
              Optional::empty),
          nanos::get);

  private Exposition scrape() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var _ = metrics.scrape("", out);
    return Exposition.classic(out.toString(StandardCharsets.UTF_8));
  }

  private static double checks(Exposition scrape, String namespace, String decision) {
    return scrape.value(
        "tollgate_checks_total",
        "namespace",
        namespace,
        "verb",
        "check",
        "algorithm",
        "none",
        "decision",
        decision);
  }

  @Test
  void loopsThatCountAtOnceLoseNothingAndNeverGoBack() throws Exception {
    int loops = 4;
    int each = 200_000;
    names.addAll(List.of("a", "b"));
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < loops; i++) {
      threads.add(Thread.ofPlatform().start(() -> count(each)));
    }
    double before = 0;
    while (threads.stream().anyMatch(Thread::isAlive)) {
      double now = checks(scrape(), "a", "allowed");
      assertTrue(now >= before, now + " after " + before);
      before = now;
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Exposition scrape = scrape();
    assertEquals(loops * each, checks(scrape, "a", "allowed"));
    assertEquals(loops * each, checks(scrape, "b", "overloaded"));
    assertEquals(
        loops * each,
        scrape.value(
            "tollgate_http_requests_total", "route", "/r", "status", "200", "code", "none"));
    assertEquals(
        loops * each, scrape.value("tollgate_check_duration_seconds_count", "verb", "check"));
    assertEquals(
        loops * each, scrape.value("tollgate_http_connections_accepted_total", "port", "admin"));
    assertEquals(0, scrape.value("tollgate_http_connections", "port", "admin"));
  }

  private void count(int times) {
    LoopMetrics loop = metrics.ofThisLoop();
    for (int i = 0; i < times; i++) {
      count(loop);
    }
  }

  private static void count(LoopMetrics loop) {
    loop.opened(Port.ADMIN);
    loop.arrived();
    loop.decided(Verb.CHECK, "a", ALLOWED);
    loop.decided(Verb.CHECK, "b", DENIED);
    loop.answered("/r", 200, LoopMetrics.NONE);
    loop.leaves(Verb.CHECK, loop.arrivedNanos());
    loop.flushed();
    loop.closed(Port.ADMIN);
  }

  @Test
  void countingAllocatesNothingOnceWarm() {
    LoopMetrics loop = metrics.ofThisLoop();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20 && least > 0; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        count(loop);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertEquals(0, least);
  }

  @Test
  void namesThatAreNoLongerInForceAreForgotten() throws IOException {
    LoopMetrics loop = metrics.ofThisLoop();
    names.addAll(List.of("stays", "goes"));
    loop.decided(Verb.CHECK, "stays", ALLOWED);
    loop.decided(Verb.CHECK, "goes", ALLOWED);
    assertEquals(1, checks(scrape(), "goes", "allowed"));
    names.remove("goes");
    assertFalse(scrape().hasLabel("tollgate_checks_total", "namespace", "goes"));
    assertEquals(Set.of("stays"), loop.of(Verb.CHECK).decisions.keySet());
    names.add("goes");
    loop.decided(Verb.CHECK, "goes", ALLOWED);
    assertEquals(1, checks(scrape(), "goes", "allowed"));
    assertEquals(1, checks(scrape(), "stays", "allowed"));
  }

  @Test
  void namesThatComeAndGoBetweenTwoScrapesAreBounded() {
    LoopMetrics loop = metrics.ofThisLoop();
    names.add("stays");
    loop.decided(Verb.LEASE, "stays", ALLOWED);
    for (int i = 0; i < 3 * LoopMetrics.MOST_NAMES; i++) {
      loop.decided(Verb.LEASE, "n" + i, ALLOWED);
      assertTrue(loop.of(Verb.LEASE).decisions.size() <= LoopMetrics.MOST_NAMES);
    }
    assertTrue(loop.of(Verb.LEASE).decisions.containsKey("stays"));
  }

  @Test
  void eachBucketHoldsWhatIsAtMostItsBound() throws IOException {
    LoopMetrics loop = metrics.ofThisLoop();
    long[] durations = {0, 250_000, 250_001, 1_000_000_000, 1_000_000_001, 3_600_000_000_000L};
    for (long duration : durations) {
      nanos.set(7);
      loop.arrived();
      loop.leaves(Verb.BATCH, loop.arrivedNanos());
      nanos.set(7 + duration);
      loop.flushed();
    }
    Exposition scrape = scrape();
    String bucket = "tollgate_check_duration_seconds_bucket";
    assertEquals(2, scrape.value(bucket, "verb", "batch", "le", "2.5E-4"));
    assertEquals(3, scrape.value(bucket, "verb", "batch", "le", "5.0E-4"));
    assertEquals(4, scrape.value(bucket, "verb", "batch", "le", "1.0"));
    assertEquals(6, scrape.value(bucket, "verb", "batch", "le", "+Inf"));
    assertEquals(
        3602.000500002, scrape.value("tollgate_check_duration_seconds_sum", "verb", "batch"), 1e-9);
  }

  @Test
  void aClockThatIsReadOutOfOrderMakesNoNegativeDuration() throws IOException {
    LoopMetrics loop = metrics.ofThisLoop();
    nanos.set(1_000);
    loop.arrived();
    loop.leaves(Verb.CHECK, loop.arrivedNanos());
    nanos.set(999);
    loop.flushed();
    assertEquals(0, scrape().value("tollgate_check_duration_seconds_sum", "verb", "check"));
    assertEquals(1, scrape().value("tollgate_check_duration_seconds_count", "verb", "check"));
  }

  @Test
  void whatOthersKnowIsPassedOn() throws IOException {
    Exposition scrape = scrape();
    assertEquals(1, scrape.value("tollgate_store_keys"));
    assertEquals(2, scrape.value("tollgate_store_bytes", "part", "cells"));
    assertEquals(3, scrape.value("tollgate_store_bytes", "part", "side"));
    assertEquals(4, scrape.value("tollgate_store_reanchored_total"));
    assertEquals(5, scrape.value("tollgate_store_evicted_total"));
    assertEquals(6, scrape.value("tollgate_store_refused_total"));
    assertEquals(0, scrape.value("tollgate_config_valid"));
    assertEquals(1.5, scrape.value("tollgate_config_last_reload_timestamp_seconds"));
    assertEquals(7, scrape.value("tollgate_config_reloads_total", "result", "success"));
    assertEquals(8, scrape.value("tollgate_config_reloads_total", "result", "failure"));
    assertEquals(9, scrape.value("tollgate_config_namespaces", "source", "file"));
    assertEquals(10, scrape.value("tollgate_config_namespaces", "source", "api"));
  }
}
