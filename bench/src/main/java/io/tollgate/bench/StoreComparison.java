package io.tollgate.bench;

import io.github.bucket4j.Bucket;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The memory store against Bucket4j's local buckets: interleaved rounds, medians with least and
 * most, ratios of medians, and bytes per key at a million keys.
 *
 * <p>Arguments: the number of rounds, by default 5; with fewer no ratio is printed, with 0 only the
 * bytes are measured.
 */
public final class StoreComparison {

  private static final int LEAST_ROUNDS = 5;
  private static final int[] KEYS = {1_000, 100_000, 1_000_000};
  private static final int[] THREADS = {1, 2};
  private static final int FILLED = 1_000_000;

  /** Static, so that they outlive both sides and count for neither. */
  private static final String[] NAMES = new String[FILLED];

  private final int rounds;
  private final Map<String, List<Double>> scores = new HashMap<>();

  private StoreComparison(int rounds) {
    this.rounds = rounds;
  }

  /** Runs the comparison and prints a table. */
  public static void main(String[] args) throws RunnerException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : LEAST_ROUNDS;
    StoreComparison comparison = new StoreComparison(rounds);
    if (rounds > 0) {
      comparison.measure();
      comparison.print();
    }
    printBytesPerKey();
  }

  private void measure() throws RunnerException {
    for (int round = 0; round < rounds; round++) {
      for (int threads : THREADS) {
        for (int keys : KEYS) {
          for (String side : List.of("tollgate", "bucket4j")) {
            double score = run(side, threads, keys);
            scores.computeIfAbsent(row(side, threads, keys), _ -> new ArrayList<>()).add(score);
          }
        }
      }
    }
  }

  private static String row(String side, int threads, int keys) {
    return side + " " + threads + " " + keys;
  }

  private static double run(String side, int threads, int keys) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(MemoryStoreBenchmark.class.getName() + "." + side + "$")
            .param("keys", Integer.toString(keys))
            .threads(threads)
            .verbosity(VerboseMode.SILENT)
            .build();
    RunResult result = new Runner(options).run().iterator().next();
    return result.getPrimaryResult().getScore();
  }

  private void print() {
    System.out.printf(
        Locale.ROOT, "checks/s, median of %d interleaved rounds (least - most)%n", rounds);
    for (int threads : THREADS) {
      for (int keys : KEYS) {
        double[] ours = sorted(row("tollgate", threads, keys));
        double[] theirs = sorted(row("bucket4j", threads, keys));
        System.out.printf(
            Locale.ROOT,
            "%d threads %,9d keys  tollgate %s  bucket4j %s  ratio %s%n",
            threads,
            keys,
            spread(ours),
            spread(theirs),
            ratio(ours, theirs));
      }
    }
  }

  private double[] sorted(String row) {
    double[] values =
        scores.getOrDefault(row, List.of()).stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(values);
    return values;
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String spread(double[] sorted) {
    return String.format(
        Locale.ROOT, "%,.0f (%,.0f - %,.0f)", median(sorted), sorted[0], sorted[sorted.length - 1]);
  }

  private String ratio(double[] ours, double[] theirs) {
    return rounds < LEAST_ROUNDS
        ? "none from fewer than " + LEAST_ROUNDS + " rounds"
        : String.format(Locale.ROOT, "%.2f", median(ours) / median(theirs));
  }

  /** What the heap shrinks by when each is dropped; the identifiers' own strings stay. */
  private static void printBytesPerKey() {
    Arrays.setAll(NAMES, MemoryStoreBenchmark.Identifiers::name);
    double ours = bytesPerKey(filledLimiter());
    double theirs = bytesPerKey(filledBuckets());
    System.out.printf(
        Locale.ROOT,
        "bytes per key at %,d keys: tollgate %.1f, bucket4j %.1f, ratio 1/%.2f%n",
        FILLED,
        ours,
        theirs,
        theirs / ours);
  }

  private static AtomicReference<Object> filledLimiter() {
    Limiter limiter = MemoryStoreBenchmark.limiter(Duration.ofDays(1));
    Realm realm = Realm.live("standalone");
    CheckBuffer buffer = new CheckBuffer();
    for (String name : NAMES) {
      limiter.check(CheckRequest.of(realm, "api", name, 1), buffer, _ -> {});
    }
    return new AtomicReference<>(limiter);
  }

  private static AtomicReference<Object> filledBuckets() {
    ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
    for (String name : NAMES) {
      MemoryStoreBenchmark.bucket(buckets, name).tryConsume(1);
    }
    return new AtomicReference<>(buckets);
  }

  private static double bytesPerKey(AtomicReference<Object> filled) {
    long full = usedHeap();
    filled.set(new Object());
    return (full - usedHeap()) / (double) FILLED;
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
