package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.codec.ByteArrayCodec;
import io.tollgate.limiter.store.CheckBuffer;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several processes over one Redis and one key admit its limit together, to the unit. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class ManyEnginesIT {

  /** What may be on its way to a process when it is killed: 4 calls of 32 checks. */
  private static final long IN_FLIGHT = 128;

  private final RedisServer server = RedisServer.start();
  private final List<Process> engines = new ArrayList<>();

  @AfterEach
  void close() {
    engines.forEach(Process::destroyForcibly);
    server.close();
  }

  private Process engine(long checks) throws IOException {
    Process engine = Jvm.start(Engine.class, Integer.toString(server.port), Long.toString(checks));
    engines.add(engine);
    return engine;
  }

  /** The last number that an engine has printed behind "allowed"; fails when a check failed. */
  private static long allowed(BufferedReader out) throws IOException {
    long last = 0;
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      assertTrue(!line.startsWith("failed"), line);
      if (line.startsWith("allowed ")) {
        last = Long.parseLong(line.substring("allowed ".length()));
      }
    }
    return last;
  }

  private long remaining() {
    try (RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port)) {
      CheckBuffer peek = Engine.ask(0);
      Step step = Engine.CODEC.check(peek, 0);
      List<byte[]> answers =
          client
              .connect(ByteArrayCodec.INSTANCE)
              .sync()
              .eval(
                  step.script().text(),
                  ScriptOutputType.MULTI,
                  step.keys().toArray(byte[][]::new),
                  step.item());
      Engine.CODEC.read(answers.getFirst(), peek);
      return peek.remaining(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void together(int count) throws Exception {
    List<BufferedReader> outs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outs.add(engine(Engine.LIMIT).inputReader());
    }
    long sum = 0;
    for (BufferedReader out : outs) {
      sum += allowed(out);
    }
    assertEquals(Engine.LIMIT, sum);
    assertEquals(0, remaining());
  }

  @Test
  void oneThatIsKilledTakesAtMostWhatWasOnItsWay() throws Exception {
    List<BufferedReader> outs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      outs.add(engine(Engine.LIMIT).inputReader());
    }
    Process killed = engine(Engine.LIMIT);
    BufferedReader last = killed.inputReader();
    long seen = 0;
    for (String line = last.readLine(); line != null && seen < 100; line = last.readLine()) {
      seen = line.startsWith("allowed ") ? Long.parseLong(line.substring(8)) : seen;
    }
    // By its handle: by itself it would close what it has printed, too.
    killed.toHandle().destroyForcibly();
    long sum = Math.max(seen, allowed(last));
    for (BufferedReader out : outs) {
      sum += allowed(out);
    }
    System.out.println("allowed " + sum + " of " + Engine.LIMIT + ", one engine killed");
    assertEquals(0, remaining(), "the counter has counted every unit");
    assertTrue(sum <= Engine.LIMIT && sum >= Engine.LIMIT - IN_FLIGHT, () -> "allowed");
  }
}
