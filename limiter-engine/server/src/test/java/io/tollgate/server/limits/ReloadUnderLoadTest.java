package io.tollgate.server.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What checks see of limits that change under them. */
class ReloadUnderLoadTest {

  private static final int CHANGES = 250;
  private static final int THREADS = 4;
  private static final Realm REALM = Realm.live("standalone");
  private static final long SECOND = 1_000_000;

  @TempDir Path folder;

  private Bench bench;
  private final AtomicLong micros = new AtomicLong(1_750_000_000 * SECOND);

  @BeforeEach
  void bench() {
    bench = new Bench(folder);
  }

  private Limiter limiter(LimitsInForce limits) {
    MemoryStore store =
        new MemoryStore(
            micros::get, new MemoryStoreConfig(10_000, 1 << 20, MemoryStoreConfig.WhenFull.EVICT));
    return new Limiter(_ -> limits.catalog(), store, new KeyHasher(1, 2), HoldIds.secure());
  }

  private static Decision check(Limiter limiter, String identifier, long cost) {
    CheckBuffer buffer = new CheckBuffer();
    List<Decision> answers = new ArrayList<>();
    limiter.check(
        CheckRequest.of(REALM, "n", identifier, cost), buffer, b -> answers.add(b.decision()));
    return answers.getFirst();
  }

  /** Limits that always have one number, in a namespace that always is as the file says. */
  private static String twins(int number) {
    String twin =
        "{name: %s, algorithm: token_bucket, limit: " + number + ", period: 1s, burst: 1000000}";
    return "version: 1\nnamespaces:\n  n: {limits: ["
        + twin.formatted("a")
        + ", "
        + twin.formatted("b")
        + "]}\n";
  }

  private void replace(String yaml) throws IOException {
    Path next = Files.writeString(folder.resolve("next"), yaml);
    Files.move(next, bench.file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void noCheckSeesHalfAChangeOrAnOldOneAfterANewOne() throws Exception {
    bench.write(twins(1));
    AtomicBoolean done = new AtomicBoolean();
    try (LimitsInForce limits = bench.openFile();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      Limiter limiter = limiter(limits);
      List<Future<Long>> checks = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        String identifier = "user" + t % 2;
        checks.add(threads.submit(() -> checkUntil(done, limiter, identifier)));
      }
      try {
        for (int number = 2; number <= CHANGES; number++) {
          replace(number % 5 == 0 ? twins(number).replace("name: b", "nome: b") : twins(number));
          Bench.settle(limits);
          assertEquals(number % 5 != 0, limits.state().valid());
        }
      } finally {
        done.set(true);
      }
      long last = 0;
      for (Future<Long> check : checks) {
        last = Math.max(last, check.get(30, TimeUnit.SECONDS));
      }
      assertEquals(CHANGES / 5, limits.state().failedReloads());
      assertEquals(CHANGES - 1 - CHANGES / 5, limits.state().reloads());
      assertTrue(last > 1, "no thread saw a change");
    }
  }

  /** Checks until told; answers the last number that was seen. */
  private static long checkUntil(AtomicBoolean done, Limiter limiter, String identifier) {
    long last = 0;
    while (!done.get()) {
      Decision decision = check(limiter, identifier, 1);
      List<Long> numbers = decision.limits().stream().map(LimitReport::limit).toList();
      assertEquals(2, numbers.size());
      assertEquals(numbers.getFirst(), numbers.getLast(), "half a change");
      assertTrue(numbers.getFirst() >= last, numbers + " after " + last);
      assertTrue(numbers.getFirst() % 5 != 0, "a file that is wrong");
      last = numbers.getFirst();
    }
    return last;
  }

  @Test
  void whatWasUsedIsKeptWhereALimitKeepsItsName() throws IOException {
    bench.write(window("m", 10) + window("gone", 10));
    try (LimitsInForce limits = bench.openFile()) {
      Limiter limiter = limiter(limits);
      assertEquals(List.of(3L, 3L), remaining(check(limiter, "user", 7)));

      bench.write(window("m", 20) + window("new", 10));
      Bench.settle(limits);
      assertEquals(List.of(13L, 10L), remaining(check(limiter, "user", 0)));

      bench.write(window("m", 5));
      Bench.settle(limits);
      Decision denied = check(limiter, "user", 1);
      assertEquals(List.of(0L), remaining(denied));
      assertTrue(!denied.allowed());
      micros.addAndGet(60 * SECOND);
      assertEquals(List.of(4L), remaining(check(limiter, "user", 1)));
    }
  }

  @Test
  void whatWasUsedIsKeptWhenANamespaceMovesFromTheApiIntoTheFile() throws IOException {
    bench.write("version: 1\nnamespaces:\n  other: {limits: []}\n");
    try (LimitsInForce limits = bench.openFile()) {
      Limiter limiter = limiter(limits);
      limits.put("n", Bench.json(10));
      assertEquals(List.of(6L), remaining(check(limiter, "user", 4)));
      bench.write(Bench.yaml(10, "n"));
      Bench.settle(limits);
      assertTrue(limits.find("n").orElseThrow().readOnly());
      assertEquals(List.of(5L), remaining(check(limiter, "user", 1)));
    }
  }

  private static String window(String name, int limit) {
    String before = name.equals("m") ? "version: 1\nnamespaces:\n  n:\n    limits:\n" : "";
    return before
        + "      - {name: %s, algorithm: fixed_window, limit: %d, period: 1m}\n"
            .formatted(name, limit);
  }

  private static List<Long> remaining(Decision decision) {
    return decision.limits().stream().map(LimitReport::remaining).toList();
  }
}
