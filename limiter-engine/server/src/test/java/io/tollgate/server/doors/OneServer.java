package io.tollgate.server.doors;

import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.server.address.Cidr;
import io.tollgate.server.address.TrustedProxies;
import io.tollgate.server.door.EventLoops;
import io.tollgate.server.grpc.GrpcDoor;
import io.tollgate.server.http.HttpDoor;
import io.tollgate.server.http.Readiness;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.limits.LimitsInForce.Origin;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.metrics.Sources;
import io.tollgate.server.resp.RespDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** All doors of a server, on free ports, over an empty store whose clock is moved by hand. */
final class OneServer implements AutoCloseable {

  /** In the middle of windows of every length. */
  static final Instant START = Instant.parse("2026-01-15T10:30:17.123456Z");

  private static final Realm REALM = Realm.live("standalone");

  final AtomicLong micros =
      new AtomicLong(START.getEpochSecond() * 1_000_000 + START.getNano() / 1_000);
  final HttpDoor http;
  final GrpcDoor grpc;
  final RespDoor resp;
  final Sources sources;
  final Metrics metrics;
  private final LimitsInForce limits;
  private final EventLoops loops = new EventLoops();

  OneServer(Path limitsFile) throws IOException {
    limits =
        LimitsInForce.open(new Origin.File(limitsFile), Optional.empty(), _ -> {}, () -> START);
    MemoryStore store =
        new MemoryStore(micros::get, new MemoryStoreConfig(10_000, 10_000_000, WhenFull.EVICT));
    Limiter limiter =
        new Limiter(_ -> limits.catalog(), store, new KeyHasher(1, 2), HoldIds.secure());
    sources =
        new Sources(
            "1.2.3",
            () -> limits.catalog().names(),
            store::stats,
            limits::state,
            Optional::empty,
            _ -> Map.of(),
            List::of,
            Optional::empty);
    HttpDoor.Parts parts = parts(limiter);
    metrics = parts.metrics();
    http =
        HttpDoor.open(
            new HttpDoor.Options(
                "127.0.0.1",
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                100,
                Optional.empty(),
                new TrustedProxies(List.of(Cidr.parse("127.0.0.1").orElseThrow()))),
            parts,
            loops);
    grpc =
        GrpcDoor.open(
            new GrpcDoor.Options(
                InetAddress.getLoopbackAddress(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty()),
            new GrpcDoor.Parts(limiter, REALM, () -> true, metrics, () -> START, http.traffic()),
            loops);
    resp =
        RespDoor.open(
            new RespDoor.Options(
                InetAddress.getLoopbackAddress(), 0, "redis", Optional.empty(), Optional.empty()),
            new RespDoor.Parts(limiter, REALM, metrics, http.traffic()),
            loops);
  }

  /** What HTTP works with, over a limiter and metrics of its own. */
  HttpDoor.Parts parts(Limiter limiter) {
    return new HttpDoor.Parts(
        limiter,
        limits,
        REALM,
        () -> Readiness.of(true),
        new Metrics(sources, System::nanoTime),
        () -> START);
  }

  @Override
  public void close() {
    resp.close();
    grpc.close();
    http.close();
    limits.close();
    loops.close();
  }
}
