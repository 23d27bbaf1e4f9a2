package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A process that is stopped with units in hand, and goes on when their window is over. */
class PausedHolderIT {

  private final RedisServer server = RedisServer.start();
  private final Process holder = start();

  private Process start() {
    try {
      return Jvm.start(Hoarder.class, Integer.toString(server.port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() {
    holder.destroyForcibly();
    server.close();
  }

  private void signal(String name) throws Exception {
    String pid = Long.toString(holder.pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
  }

  private static long window(RedisCommands<String, String> redis) {
    List<String> time = redis.time();
    return (Long.parseLong(time.get(0)) * 1_000_000 + Long.parseLong(time.get(1))) / Hoarder.WINDOW;
  }

  @Test
  void spendsNothingOfAWindowThatIsOverWhenItGoesOn() throws Exception {
    BufferedReader out = holder.inputReader();
    String holds = out.readLine();
    signal("STOP");
    assertTrue(holds != null && holds.startsWith("holds "), holds);
    RedisClient client = RedisClient.create("redis://127.0.0.1:" + server.port);
    try {
      RedisCommands<String, String> redis = client.connect().sync();
      long before = window(redis);
      Day.await(() -> window(redis) > before, "the next window");
    } finally {
      client.shutdown();
    }
    signal("CONT");
    try (Writer in = holder.outputWriter()) {
      in.write('\n');
      in.flush();
      assertEquals("got " + Hoarder.UNITS, out.readLine());
    }
    System.out.println("paused holder: " + holds + " of the window before, and no unit more");
  }
}
