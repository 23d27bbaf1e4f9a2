package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.store.Store;
import io.tollgate.server.http.LateStore;
import io.tollgate.server.resp.TestResp.With;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers in the order of the commands, whenever they come, and a client that does not read. */
@Timeout(120)
class RespOrderTest {

  private static final int MOST_OPEN = 128;
  private static final int STUCK_MILLIS = 1_500;

  /** Far more than the systems' own buffers between two ends of a loopback connection. */
  private static final long MOST_BYTES = 256L * 1024 * 1024;

  private final AtomicReference<@Nullable LateStore> late = new AtomicReference<>();

  private UnaryOperator<Store> late(int checks) {
    return store -> {
      LateStore made = new LateStore(store, checks);
      late.set(made);
      return made;
    };
  }

  private LateStore late() {
    return Objects.requireNonNull(late.get());
  }

  private static String throttle(String key) {
    return RespWire.command("CL.THROTTLE", key, "9", "1", "1");
  }

  @Test
  void answersLeaveInTheOrderOfTheCommandsWhateverOrderTheStoreHas() throws Exception {
    try (TestResp server = new TestResp(With.store(late(3)));
        RespWire wire = server.wire()) {
      wire.send(
          throttle("a")
              + RespWire.command("PING")
              + throttle("a")
              + RespWire.command("CL.THROTTLE", "a", "x", "1", "1")
              + throttle("a")
              + RespWire.command("QUIT"));
      late().awaitAsked();
      late().answer(2);
      late().answer(1);
      late().answer(0);
      assertEquals("[:0, :10, :9, :-1, :1]", wire.read());
      assertEquals("+PONG", wire.read());
      assertEquals("[:0, :10, :8, :-1, :2]", wire.read());
      assertTrue(wire.read().startsWith("-ERR max_burst: 'x'"));
      assertEquals("[:0, :10, :7, :-1, :3]", wire.read());
      assertEquals("+OK", wire.read());
      assertTrue(wire.ended());
    }
  }

  @Test
  void noMoreCommandsAreReadThanMayWaitForTheStoreAndAllAreAnswered() throws Exception {
    int commands = 3 * MOST_OPEN + 7;
    try (TestResp server = new TestResp(With.store(late(MOST_OPEN)));
        RespWire wire = server.wire();
        RespWire other = server.wire()) {
      wire.send(throttle("many").repeat(commands) + RespWire.command("PING"));
      late().awaitAsked();
      assertEquals("+PONG", other.ask("PING"));
      int answered = 0;
      while (answered < commands) {
        assertTrue(late().asked() - answered <= MOST_OPEN, "more than may wait");
        if (late().asked() > answered) {
          late().answer(answered);
          assertTrue(wire.read().startsWith("["));
          answered++;
        } else {
          Thread.onSpinWait();
        }
      }
      assertEquals("+PONG", wire.read());
    }
  }

  @Test
  void anAnswerForAClientThatHasGoneIsDropped() throws Exception {
    try (TestResp server = new TestResp(With.store(late(2)));
        RespWire other = server.wire()) {
      try (RespWire wire = server.wire()) {
        wire.send(throttle("a") + throttle("a"));
        late().awaitAsked();
      }
      late().answer(1);
      late().answer(0);
      assertEquals("+PONG", other.ask("PING"));
    }
  }

  @Test
  void whoDoesNotReadIsNotReadFromAndNobodyElseWaits() throws IOException {
    byte[] command = throttle("flood").getBytes(StandardCharsets.US_ASCII);
    try (TestResp server = TestResp.usual();
        RespWire other = server.wire();
        SocketChannel client =
            SocketChannel.open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), server.door.port()))) {
      long sent = sendUntilStuck(client, command);
      assertTrue(sent < MOST_BYTES, "the server never stopped reading");
      assertEquals("+PONG", other.ask("PING"));
      long whole = sent / command.length;
      assertEquals(whole, countAnswers(client, whole));
    }
  }

  private static long sendUntilStuck(SocketChannel client, byte[] command) throws IOException {
    client.configureBlocking(false);
    ByteBuffer commands = ByteBuffer.allocate(command.length * 1_000);
    while (commands.hasRemaining()) {
      commands.put(command);
    }
    commands.flip();
    long sent = 0;
    try (Selector selector = Selector.open()) {
      SelectionKey key = client.register(selector, SelectionKey.OP_WRITE);
      while (sent < MOST_BYTES && selector.select(STUCK_MILLIS) > 0) {
        selector.selectedKeys().clear();
        sent += client.write(commands);
        if (!commands.hasRemaining()) {
          commands.rewind();
        }
      }
      key.cancel();
    }
    client.configureBlocking(true);
    return sent;
  }

  private static long countAnswers(SocketChannel client, long expected) throws IOException {
    ByteBuffer in = ByteBuffer.allocate(1024 * 1024);
    client.socket().setSoTimeout(20_000);
    long found = 0;
    while (found < expected && client.read(in.clear()) >= 0) {
      in.flip();
      while (in.hasRemaining()) {
        found += in.get() == '*' ? 1 : 0;
      }
    }
    return found;
  }
}
