package io.tollgate.bench;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.store.SystemMicroClock;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
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

/**
 * One check of a token bucket, one identifier of many, picked at random: our limiter from the
 * request to the answer, against a map of Bucket4j's local buckets.
 *
 * <p>Both get the identifier as a string made for this check, as a server does, consume one unit,
 * and answer what remains and how long to wait. The limit is 100 a minute.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
    value = 1,
    jvmArgs = {"-Xms4g", "-Xmx4g", "-XX:+UseParallelGC", "--sun-misc-unsafe-memory-access=allow"})
public class MemoryStoreBenchmark {

  private static final int LIMIT = 100;
  private static final Duration PERIOD = Duration.ofMinutes(1);

  /** Identifiers, and the order in which they are asked for. */
  @State(Scope.Benchmark)
  public static class Identifiers {

    /** How many there are. */
    @Param("1000000")
    public int keys;

    int[] order = {};

    /** Draws the order. */
    @Setup
    public void draw() {
      order = new SplittableRandom(1).ints(1 << 20, 0, keys).toArray();
    }

    static String name(int number) {
      return "user_" + number;
    }
  }

  /** Where one thread is in the order, and its own buffer. */
  @State(Scope.Thread)
  public static class Turn {

    final CheckBuffer buffer = new CheckBuffer();
    int at = (int) Thread.currentThread().threadId() * 7_919;

    String next(Identifiers identifiers) {
      at = (at + 1) & (identifiers.order.length - 1);
      return Identifiers.name(identifiers.order[at]);
    }
  }

  /** A limiter over the memory store, with every key already there. */
  @State(Scope.Benchmark)
  public static class Tollgate {

    final Realm realm = Realm.live("standalone");
    final Store.Listener nothing = buffer -> {};
    final Limiter limiter = limiter(PERIOD);

    /** Asks once for every identifier. */
    @Setup
    public void fill(Identifiers identifiers) {
      CheckBuffer buffer = new CheckBuffer();
      for (int i = 0; i < identifiers.keys; i++) {
        var request = CheckRequest.of(realm, "api", Identifiers.name(i), 1);
        limiter.check(request, buffer, nothing);
      }
    }
  }

  /** A map of buckets, with every key already there. */
  @State(Scope.Benchmark)
  public static class Bucket4j {

    final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();

    /** Asks once for every identifier. */
    @Setup
    public void fill(Identifiers identifiers) {
      for (int i = 0; i < identifiers.keys; i++) {
        bucket(buckets, Identifiers.name(i)).tryConsume(1);
      }
    }
  }

  /** Makes a limiter with one token bucket in the namespace {@code api}. */
  static Limiter limiter(Duration period) {
    var bucket = new Algorithm.TokenBucket(LIMIT, period.toNanos() / 1_000, LIMIT);
    var namespace = NamespaceSpec.of("api", List.of(LimitSpec.of("per-minute", bucket)));
    Catalog catalog = new Catalog(List.of(namespace));
    var config = new MemoryStoreConfig(20_000_000, 1 << 20, MemoryStoreConfig.WhenFull.EVICT);
    Store store = new MemoryStore(new SystemMicroClock(), config);
    return new Limiter(realm -> catalog, store, new KeyHasher(1, 2), HoldIds.secure());
  }

  /** The bucket of an identifier, made on first sight. */
  static Bucket bucket(ConcurrentHashMap<String, Bucket> buckets, String name) {
    return buckets.computeIfAbsent(
        name,
        _ -> Bucket.builder().addLimit(l -> l.capacity(LIMIT).refillGreedy(LIMIT, PERIOD)).build());
  }

  /** Our limiter. */
  @Benchmark
  public boolean tollgate(Identifiers identifiers, Tollgate tollgate, Turn turn) {
    var request = CheckRequest.of(tollgate.realm, "api", turn.next(identifiers), 1);
    tollgate.limiter.check(request, turn.buffer, tollgate.nothing);
    return turn.buffer.allowed();
  }

  /** Bucket4j, asked for what remains too. */
  @Benchmark
  public ConsumptionProbe bucket4j(Identifiers identifiers, Bucket4j bucket4j, Turn turn) {
    return bucket(bucket4j.buckets, turn.next(identifiers)).tryConsumeAndReturnRemaining(1);
  }
}
