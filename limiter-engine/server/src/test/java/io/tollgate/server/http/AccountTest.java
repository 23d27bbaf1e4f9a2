package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.server.Exposition;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Verb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What the accounting of a check costs. */
class AccountTest {

  private static final Decision ALLOWED = new Decision.Allowed(0, List.of(), -1, 0, false);
  private static final Decision DENIED =
      new Decision.Denied(DecisionCode.RATE_LIMITED, 0, List.of(), -1, false);

  @Test
  void theAccountingOfAWarmCheckAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Account account = new Account();
    long least = Long.MAX_VALUE;
    try (LimitsInForce limits = TestDoor.limits(NamespaceSpec.of("n", List.of()))) {
      Metrics metrics =
          TestDoor.metrics(limits, TestDoor.memory(new AtomicLong()), System::nanoTime);
      LoopMetrics loop = metrics.ofThisLoop();
      for (int round = 0; round < 20 && least > 0; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
          count(account, loop, i % 2 == 0 ? ALLOWED : DENIED);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    assertEquals(0, least);
  }

  @Test
  void aRequestThatWaitsToBeAskedIsMeasuredFromWhenItWasWhole() throws IOException {
    AtomicLong nanos = new AtomicLong();
    try (LimitsInForce limits = TestDoor.limits(NamespaceSpec.of("n", List.of()))) {
      Metrics metrics = TestDoor.metrics(limits, TestDoor.memory(new AtomicLong()), nanos::get);
      LoopMetrics loop = metrics.ofThisLoop();
      Account account = new Account();
      for (long whole : new long[] {1_000_000, 500_000_000}) {
        nanos.set(whole);
        loop.arrived();
        account.begin();
        account.whole(loop);
        nanos.set(whole + 5_000_000);
        loop.arrived();
        account.whole(loop);
        account.decided(Verb.CHECK, "n", ALLOWED);
        account.leaves();
        loop.flushed();
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      var _ = metrics.scrape("", out);
      Exposition scrape = Exposition.classic(out.toString(StandardCharsets.UTF_8));
      String seconds = "tollgate_check_duration_seconds_sum";
      assertEquals(0.010, scrape.value(seconds, "verb", "check"), 1e-9);
    }
  }

  /** As a connection does it: read, decide, answer, flush. */
  private static void count(Account account, LoopMetrics loop, Decision decision) {
    loop.arrived();
    account.begin();
    account.route(Route.CHECK);
    account.whole(loop);
    account.namespace("n");
    account.decided(Verb.CHECK, decision);
    if (!decision.allowed()) {
      account.code(decision.code());
    }
    account.status(decision.allowed() ? 200 : 429);
    account.answered(loop);
    account.leaves();
    loop.flushed();
  }
}
