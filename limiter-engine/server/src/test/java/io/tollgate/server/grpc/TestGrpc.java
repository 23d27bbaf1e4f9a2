package io.tollgate.server.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.handler.ssl.SslContextBuilder;
import io.tollgate.limiter.check.HoldIds;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MemoryStoreConfig;
import io.tollgate.limiter.store.MemoryStoreConfig.WhenFull;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.v1.CheckRequest;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/** A gRPC door on a free port, over a memory store whose clock is moved by hand, and clients. */
final class TestGrpc implements AutoCloseable {

  /** On a minute's boundary, so that a fixed window begins here. */
  static final Instant START = Instant.parse("2026-01-15T10:30:00Z");

  private static final int MOST_CONNECTIONS = 100;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** Who may call, by what, over what. */
  record With(
      Optional<String> token,
      Optional<String> adminToken,
      Optional<TlsInForce> tls,
      UnaryOperator<Store> around,
      int connections) {

    static With nothing() {
      return new With(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          UnaryOperator.identity(),
          MOST_CONNECTIONS);
    }

    static With tokens(String token, String adminToken) {
      return new With(
          Optional.of(token),
          Optional.of(adminToken),
          Optional.empty(),
          UnaryOperator.identity(),
          MOST_CONNECTIONS);
    }

    static With store(UnaryOperator<Store> around) {
      return new With(
          Optional.empty(), Optional.empty(), Optional.empty(), around, MOST_CONNECTIONS);
    }

    static With tls(TlsInForce tls) {
      return new With(
          Optional.empty(),
          Optional.empty(),
          Optional.of(tls),
          UnaryOperator.identity(),
          MOST_CONNECTIONS);
    }

    static With connections(int most) {
      return new With(
          Optional.empty(), Optional.empty(), Optional.empty(), UnaryOperator.identity(), most);
    }
  }

  final AtomicLong micros = new AtomicLong(START.getEpochSecond() * 1_000_000);
  final AtomicBoolean ready = new AtomicBoolean(true);
  final GrpcDoor door;
  final Sources sources;
  private final Path folder;
  private final LimitsInForce limits;
  private final Metrics metrics;
  private final EventLoops loops = new EventLoops();
  private final ManagedChannel plain;

  TestGrpc(With with, String... limitsFile) throws IOException {
    folder = Files.createTempDirectory("grpc");
    Path file = folder.resolve("limits.yaml");
    Files.writeString(file, String.join("\n", limitsFile) + "\n");
    limits = LimitsInForce.open(new Origin.File(file), Optional.empty(), _ -> {}, () -> START);
    MemoryStore store =
        new MemoryStore(micros::get, new MemoryStoreConfig(100_000, 10_000_000, WhenFull.EVICT));
    Limiter limiter =
        new Limiter(
            _ -> limits.catalog(), with.around.apply(store), new KeyHasher(1, 2), HoldIds.secure());
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
    metrics = new Metrics(sources, System::nanoTime);
    door =
        GrpcDoor.open(
            new GrpcDoor.Options(
                InetAddress.getLoopbackAddress(), 0, with.token, with.adminToken, with.tls),
            new GrpcDoor.Parts(
                limiter,
                Realm.live("standalone"),
                ready::get,
                metrics,
                () -> START,
                new Traffic(with.connections)),
            loops);
    plain = channel();
  }

  /** A connection of its own. */
  ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
  }

  /** A connection over TLS. */
  ManagedChannel channel(UnaryOperator<SslContextBuilder> tls) throws IOException {
    return NettyChannelBuilder.forAddress("localhost", door.port())
        .sslContext(tls.apply(GrpcSslContexts.forClient()).build())
        .build();
  }

  /** The usual connection. */
  Channel client() {
    return plain;
  }

  /** The usual connection, with a token. */
  Channel client(String token) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + token);
    return ClientInterceptors.intercept(plain, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** Calls and waits. */
  <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    return call(plain, method, request);
  }

  static <Q, A> A call(Channel by, MethodDescriptor<Q, A> method, Q request) {
    return ClientCalls.blockingUnaryCall(
        by, method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), request);
  }

  static CheckRequest asked(String identifier, String namespace, long cost) {
    return CheckRequest.newBuilder()
        .setIdentifier(identifier)
        .setNamespace(namespace)
        .setCost(cost)
        .build();
  }

  /** What a scrape would see. */
  List<String> scraped() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    var _ = metrics.scrape("", out);
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Override
  public void close() throws IOException {
    var _ = plain.shutdownNow();
    door.close();
    limits.close();
    loops.close();
    Files.delete(folder.resolve("limits.yaml"));
    Files.delete(folder);
  }
}
