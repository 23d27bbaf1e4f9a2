package io.tollgate.bench;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The peer: one Bucket4j bucket per identifier in a concurrent map, 100 a minute. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(3)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Bucket4jBenchmark {
  /** How many identifiers take turns at random. */
  @Param("100000")
  int identifiers;

  private String[] names = {};
  private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

  /** Names every identifier, so that a check builds no text. */
  @Setup
  public void name() {
    names = new String[identifiers];
    for (int i = 0; i < identifiers; i++) {
      names[i] = "user_" + i;
    }
  }

  /** One check of cost 1. */
  @Benchmark
  public boolean check() {
    String name = names[ThreadLocalRandom.current().nextInt(names.length)];
    return buckets.computeIfAbsent(name, Bucket4jBenchmark::bucket).tryConsume(1);
  }

  private static Bucket bucket(String name) {
    return Bucket.builder()
        .addLimit(limit -> limit.capacity(100).refillGreedy(100, Duration.ofMinutes(1)))
        .build();
  }
}
