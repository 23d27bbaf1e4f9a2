package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.http.HttpDoor.Parts;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One connection without a socket, whose time stands still until it is moved. */
final class Embedded implements AutoCloseable {

  final LateStore store;
  final EmbeddedChannel channel = new EmbeddedChannel();
  final Connection connection;
  final Metrics metrics;

  /** The clock of what is measured. */
  final AtomicLong nanos = new AtomicLong();

  private final LimitsInForce limits;
  private final Door door;

  Embedded() {
    this(true);
  }

  private Embedded(boolean late) {
    AtomicLong micros = new AtomicLong(TestDoor.START.getEpochSecond() * 1_000_000);
    MemoryStore memory = TestDoor.memory(micros);
    store = new LateStore(memory, 1);
    limits = TestDoor.limits(NamespaceSpec.of("*", List.of(TestDoor.perMinute(1_000))));
    metrics = TestDoor.metrics(limits, memory, nanos::get);
    door =
        new Door(
            new Parts(
                TestDoor.limiter(late ? store : memory, limits),
                limits,
                TestDoor.REALM,
                () -> Readiness.of(true),
                metrics,
                () -> TestDoor.START),
            new Background(1),
            new Background(1),
            new Keys(Optional.empty(), Optional.empty(), false),
            new Traffic(1),
            TrustedProxies.NONE,
            true);
    channel.freezeTime();
    RequestDecoder decoder = new RequestDecoder();
    connection = new Connection(channel, door, decoder);
    Meter meter = new Meter(metrics.ofThisLoop(), door.port());
    channel.pipeline().addLast(meter, decoder, connection);
    channel.pipeline().fireChannelActive();
  }

  Door door() {
    return door;
  }

  /** A connection whose checks are answered at once. */
  static Embedded prompt() {
    return new Embedded(false);
  }

  Embedded send(String text) {
    ByteBuf bytes = channel.alloc().buffer();
    bytes.writeCharSequence(text, StandardCharsets.UTF_8);
    channel.writeInbound(bytes);
    return this;
  }

  /** Sends bytes as one of several reads, after which nothing is flushed yet. */
  void sendAndHaveMore(String text) {
    ByteBuf bytes = channel.alloc().buffer();
    bytes.writeCharSequence(text, StandardCharsets.UTF_8);
    var _ = channel.writeOneInbound(bytes);
  }

  /** A check that the store answers late. */
  static String check(String id) {
    String body = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
    return Client.post("/v1/check", body, "X-Request-Id: " + id);
  }

  static String health(String id) {
    return Client.request("GET", "/health", "", "X-Request-Id: " + id);
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
  String sent() {
    channel.runPendingTasks();
    StringBuilder all = new StringBuilder();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      all.append(out.toString(StandardCharsets.UTF_8));
      out.release();
    }
    return all.toString();
  }

  /** The request ids of the answers that were sent since the last call, in their order. */
  List<String> answered() {
    return sent()
        .lines()
        .filter(line -> line.startsWith("X-Request-Id: "))
        .map(line -> line.substring(14))
        .toList();
  }

  /** The client goes away. */
  void leave() {
    var _ = channel.close();
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
