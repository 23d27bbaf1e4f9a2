package io.tollgate.bench.load;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Bucket4j's buckets in Redis, as its documentation makes them: one connection, asynchronous; each
 * answer is followed by the next question on the thread that brought it.
 */
final class BucketAsker implements Asker {

  /** What a hung Redis may cost beyond the time that was planned. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** How much longer than it takes to fill a bucket is kept; with a minute a unit, it lives. */
  private static final Duration KEPT = Duration.ofSeconds(1);

  private static final CompletableFuture<BucketConfiguration> LIMIT =
      CompletableFuture.completedFuture(
          BucketConfiguration.builder()
              .addLimit(l -> l.capacity(Peer.BURST).refillGreedy(1, Duration.ofMinutes(1)))
              .build());

  private final RedisClient client;
  private final AsyncProxyManager<String> buckets;
  private final String[] names =
      IntStream.of(Order.shuffled(Plan.IDENTIFIERS))
          .mapToObj(Identifiers::name)
          .toArray(String[]::new);
  private final int underWay;
  private final AtomicLong asked = new AtomicLong();

  /** Connects. */
  BucketAsker(int port, int underWay) {
    this.underWay = underWay;
    this.client =
        RedisClient.create(
            RedisURI.create(InetAddress.getLoopbackAddress().getHostAddress(), port));
    StatefulRedisConnection<String, byte[]> connection =
        client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
    this.buckets =
        Bucket4jLettuce.casBasedBuilder(connection)
            .expirationAfterWrite(
                ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT))
            .build()
            .asAsync();
  }

  /** One measurement: who asks in it, and what came back. */
  private final class Run {
    private final long end;
    private final CountDownLatch asking;
    private final LongAdder answers = new LongAdder();
    private final LongAdder errors = new LongAdder();

    Run(long end) {
      this.end = end;
      this.asking = new CountDownLatch(underWay);
    }

    void next() {
      if (System.nanoTime() - end > 0) {
        asking.countDown();
        return;
      }
      String name = names[(int) (asked.getAndIncrement() % names.length)];
      CompletableFuture<ConsumptionProbe> answer =
          buckets.builder().build(name, () -> LIMIT).tryConsumeAndReturnRemaining(1);
      var _ =
          answer.whenComplete((probe, failed) -> {
            answers.increment();
            if (failed != null || !probe.isConsumed()) {
              errors.increment();
            }
            next();
          });
    }
  }

  @Override
  public Closed ask(long nanos) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Run run = new Run(begin + nanos);
    for (int i = 0; i < underWay; i++) {
      run.next();
    }
    if (!run.asking.await(nanos + GRACE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new IOException("out of time after " + run.answers.sum() + " answers");
    }
    double seconds = (System.nanoTime() - begin) / (double) Schedule.NANOS_PER_SECOND;
    return new Closed(run.answers.sum(), seconds, run.errors.sum());
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
