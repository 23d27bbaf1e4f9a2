package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.CheckBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A call is executed at most once, whatever happens to its connection. */
class AtMostOnceTest {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final Realm REALM = Realm.live("standalone");
  private static final KeyHasher HASHER = new KeyHasher(7, 8);
  private static final Limit LIMIT =
      new Limit("main", new Algorithm.TokenBucket(1, 86_400_000_000L, 10), false);

  private final RedisServer server = RedisServer.start();
  private final CutLine line = new CutLine(server.port);
  private final RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port);
  private final StatefulRedisConnection<byte[], byte[]> direct =
      client.connect(ByteArrayCodec.INSTANCE);
  private final TestLoop loop = new TestLoop();
  private final RedisConnections connections =
      new RedisConnections(RedisAddress.of("127.0.0.1", line.port), Duration.ofSeconds(10));
  private final Link port = link();
  private final StepCodec codec = new StepCodec("", HASHER);

  /** Greets with nothing: whether Redis has a key is the test's affair alone. */
  private Link link() {
    Alarm alarm = new LoopAlarm(loop.loop);
    Link link =
        new Link(
            new Link.Config(PATIENCE_NANOS, PATIENCE_NANOS, 1, 1_000_000),
            connections.on(loop.loop),
            (_, said) -> said.well(),
            alarm,
            new Random(1),
            new CountingObserver());
    loop.loop.execute(link::start);
    link.awaitFirstAttempt(PATIENCE_NANOS);
    return link;
  }

  @AfterEach
  void close() throws Exception {
    loop.loop.submit(port::close).sync();
    connections.close();
    loop.close();
    client.shutdown();
    line.close();
    server.close();
  }

  private static CheckBuffer ask(long cost) {
    CheckBuffer buffer = new CheckBuffer();
    buffer.begin(REALM);
    buffer.add(LIMIT, HASHER.keys(REALM, "api").key("u", "u"), "u", cost);
    return buffer;
  }

  private CompletableFuture<byte[]> send(ScriptPort by, long cost) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    Step step = codec.check(ask(cost), 0);
    ScriptPort.Answer told =
        new ScriptPort.Answer() {
          @Override
          public void answered(List<byte[]> answers) {
            answer.complete(answers.getFirst());
          }

          @Override
          public void failed(Throwable why) {
            answer.completeExceptionally(why);
          }
        };
    loop.loop.execute(() -> by.call(step.script(), step.keys(), List.of(step.item()), told));
    return answer.orTimeout(30, TimeUnit.SECONDS);
  }

  private long remaining(byte[] answer) {
    CheckBuffer buffer = ask(1);
    codec.read(answer, buffer);
    return buffer.remaining(0);
  }

  /** By another connection, which nobody cuts. */
  private long left() throws Exception {
    ScriptPort by = new LettucePort(direct, loop.loop, false);
    return remaining(send(by, 0).get());
  }

  /** Sends until there is a connection again; what is refused is not executed. */
  private byte[] sendWhenBack() throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (true) {
      try {
        return send(port, 1).get();
      } catch (ExecutionException away) {
        assertTrue(System.nanoTime() < end, () -> "did not come back: " + away.getCause());
      }
    }
  }

  @Test
  void aCallWhoseAnswerIsLostWithTheConnectionIsNotRepeatedByTheNextOne() throws Exception {
    assertEquals(9, remaining(send(port, 1).get()));
    line.swallowAnswers();
    CompletableFuture<byte[]> lost = send(port, 1);
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (left() > 8) {
      assertTrue(System.nanoTime() < end, "the call never arrived");
    }
    line.cut();
    assertThrows(Exception.class, lost::get);
    assertEquals(7, remaining(sendWhenBack()), "1 before, 1 lost, 1 now");
    assertEquals(7, left());
  }

  @Test
  void aForgottenScriptIsSentAgainAndDecidesOnce() throws Exception {
    assertEquals(9, remaining(send(port, 1).get()));
    direct.sync().scriptFlush();
    assertEquals(8, remaining(send(port, 1).get()));
    assertEquals(8, left());
  }

  @Test
  void aRedisThatIsGoneFailsACallAtOnce() throws Exception {
    assertEquals(9, remaining(send(port, 1).get()));
    server.close();
    assertThrows(ExecutionException.class, this::sendUntilRefused);
  }

  private void sendUntilRefused() throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (System.nanoTime() < end) {
      send(port, 1).get();
    }
  }
}
