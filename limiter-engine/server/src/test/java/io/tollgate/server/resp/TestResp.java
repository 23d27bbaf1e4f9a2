package io.tollgate.server.resp;

import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.Store;
import io.tollgate.server.Exposition;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.limits.LimitsInForce.Origin;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import io.tollgate.server.tls.TlsInForce;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A RESP door on a free port, over a memory store whose clock is moved by hand. */
final class TestResp implements AutoCloseable {

  static final Instant START = Instant.parse("2026-01-15T10:30:00Z");

  /** Who may call, by what, over what. */
  record With(
      Optional<String> token, Optional<TlsInForce> tls, UnaryOperator<Store> around, int most) {

    static With nothing() {
      return new With(Optional.empty(), Optional.empty(), UnaryOperator.identity(), 100);
    }

    static With token(String token) {
      return new With(Optional.of(token), Optional.empty(), UnaryOperator.identity(), 100);
    }

    static With tls(TlsInForce tls) {
      return new With(Optional.empty(), Optional.of(tls), UnaryOperator.identity(), 100);
    }

    static With store(UnaryOperator<Store> around) {
      return new With(Optional.empty(), Optional.empty(), around, 100);
    }

    static With connections(int most) {
      return new With(Optional.empty(), Optional.empty(), UnaryOperator.identity(), most);
    }
  }

  final AtomicLong micros = new AtomicLong(START.getEpochSecond() * 1_000_000);
  final RespDoor door;
  private final Path file;
  private final LimitsInForce limits;
  final Metrics metrics;
  final Limiter limiter;
  private final EventLoops loops = new EventLoops();

  TestResp(With with) throws IOException {
    file = Files.createTempFile("resp", ".yaml");
    Files.write(
        file,
        List.of(
            "version: 1",
            "namespaces: {n: {limits: [{name: a, algorithm: gcra, limit: 1, period: 1s}]}}"));
    limits = LimitsInForce.open(new Origin.File(file), Optional.empty(), _ -> {}, () -> START);
    MemoryStore store =
        new MemoryStore(micros::get, new MemoryStoreConfig(100_000, 10_000_000, WhenFull.EVICT));
    limiter =
        new Limiter(
            _ -> limits.catalog(), with.around.apply(store), new KeyHasher(1, 2), HoldIds.secure());
    metrics =
        new Metrics(
            new Sources(
                "1.2.3",
                () -> Set.of("n", "redis"),
                store::stats,
                limits::state,
                Optional::empty,
                _ -> Map.of(),
                List::of,
                Optional::empty),
            System::nanoTime);
    door =
        RespDoor.open(
            new RespDoor.Options(
                InetAddress.getLoopbackAddress(), 0, "redis", with.token, with.tls),
            new RespDoor.Parts(limiter, Realm.live("standalone"), metrics, new Traffic(with.most)),
            loops);
  }

  static TestResp usual() throws IOException {
    return new TestResp(With.nothing());
  }

  RespWire wire() throws IOException {
    return new RespWire(door.port());
  }

  /** What a scrape would see. */
  Exposition scraped() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var _ = metrics.scrape("", out);
    return Exposition.classic(out.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    door.close();
    limits.close();
    loops.close();
    Files.delete(file);
  }
}
