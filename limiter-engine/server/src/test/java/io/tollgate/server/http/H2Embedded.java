package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2Exception;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.http.H2Wire.Frame;
import io.tollgate.server.http.H2Wire.Received;
import io.tollgate.server.http.HttpDoor.Parts;
import io.tollgate.server.limits.LimitsInForce;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One HTTP/2 connection without a socket, whose time stands still until it is moved. */
final class H2Embedded implements AutoCloseable {

  static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";

  final LateStore store;
  final H2Wire wire = new H2Wire();
  final EmbeddedChannel channel = new EmbeddedChannel();
  private final LimitsInForce limits;

  /** A connection whose client has sent nothing yet. */
  H2Embedded() {
    AtomicLong micros = new AtomicLong(TestDoor.START.getEpochSecond() * 1_000_000);
    MemoryStore memory = TestDoor.memory(micros);
    store = new LateStore(memory, 1);
    limits = TestDoor.limits(NamespaceSpec.of("*", List.of(TestDoor.perMinute(1_000))));
    Door door =
        new Door(
            new Parts(
                TestDoor.limiter(store, limits),
                limits,
                TestDoor.REALM,
                () -> Readiness.of(true),
                TestDoor.metrics(limits, memory, System::nanoTime),
                () -> TestDoor.START),
            new Background(1),
            new Background(1),
            new Keys(Optional.empty(), Optional.empty(), false),
            new Traffic(1),
            TrustedProxies.NONE,
            true);
    channel.freezeTime();
    Protocols.http1(channel, door, true);
    channel.pipeline().fireChannelActive();
  }

  /** A connection whose client has said hello. */
  static H2Embedded greeted(int... settings) {
    H2Embedded connection = new H2Embedded();
    connection.send(H2Wire.hello(settings));
    return connection;
  }

  H2Embedded send(byte[]... parts) {
    ByteBuf bytes = channel.alloc().buffer();
    bytes.writeBytes(H2Wire.join(parts));
    channel.writeInbound(bytes);
    return this;
  }

  /** Asks for a check that the store answers late. */
  H2Embedded check(int stream) {
    return send(wire.post(stream, "/v1/check", CHECK, "x-request-id", "r" + stream));
  }

  void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    channel.runPendingTasks();
  }

  /** Has the store answer the check that came as this one, counted from 0. */
  void answer(int index) {
    store.answer(index);
    channel.runPendingTasks();
  }

  /** Everything that was sent to the client since the last call. */
  List<Frame> frames() {
    channel.runPendingTasks();
    List<Frame> all = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      try {
        all.addAll(wire.take(ByteBufUtil.getBytes(out)));
      } catch (Http2Exception e) {
        throw new AssertionError("the server's frames are wrong", e);
      } finally {
        out.release();
      }
    }
    return all;
  }

  /** What a stream has received so far. */
  Received stream(int id) {
    frames();
    return wire.stream(id);
  }

  /** The last stream that the server's last GOAWAY admits, and its code. */
  List<Long> goAway() {
    frames();
    Frame frame = Objects.requireNonNull(wire.goAway(), "no GOAWAY");
    return List.of(frame.number(0), frame.number(4));
  }

  boolean open() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    channel.finishAndReleaseAll();
    limits.close();
  }
}
