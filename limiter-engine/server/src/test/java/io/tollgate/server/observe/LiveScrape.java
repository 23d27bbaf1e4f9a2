package io.tollgate.server.observe;

import static io.tollgate.server.TollgateProcess.port;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.tollgate.limiter.envoy.v3.RateLimitDescriptor;
import io.tollgate.limiter.envoy.v3.RateLimitRequest;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.redis.RedisServer;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.server.Exposition;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.TollgateProcess;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * What Prometheus reads of the shipped server, over TLS and with counters in a real Redis, after
 * one question through each door.
 */
final class LiveScrape {

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  /**
   * An allotment, since its bound is told by limit; a rule, since descriptors are counted by it.
   */
  private static final String LIMITS =
      """
      version: 1
      namespaces:
        api:
          limits:
            - name: all
              algorithm: token_bucket
              limit: 1000
              period: 1s
              per: namespace
              allotment: {max: 10}
        edge:
          limits: []
          descriptors:
            - match: [{key: path}]
              limits: [{name: login, algorithm: fixed_window, limit: 10, period: 1h}]
        callees:
          limits: [{name: bears, algorithm: concurrency, adaptive: gradient2, limit: 50}]
      """;

  /** Families whose series begin with their first event; all others are always there. */
  private static final Set<String> BEGIN_LATE =
      Set.of(
          "tollgate_checks_total",
          "tollgate_http_requests_total",
          "tollgate_grpc_requests_total",
          "tollgate_descriptors_total",
          "tollgate_resp_commands_total",
          "tollgate_negative_hits_total");

  private LiveScrape() {}

  /** The labels of each series by its name, as a server that was asked everything tells them. */
  static Map<String, Set<String>> labelsByName(Path folder) throws Exception {
    KeyPairFiles pair = KeyPairFiles.make(folder);
    Path limits = Files.writeString(folder.resolve("limits.yaml"), LIMITS);
    try (RedisServer redis = RedisServer.start();
        TollgateProcess tollgate =
            TollgateProcess.startShipped(
                folder,
                Map.of(
                    "TOLLGATE_HTTP_PORT",
                    "0",
                    "TOLLGATE_ADMIN_PORT",
                    "0",
                    "TOLLGATE_RESP_PORT",
                    "0",
                    "TOLLGATE_TLS_CERT",
                    pair.certificate().toString(),
                    "TOLLGATE_TLS_KEY",
                    pair.key().toString(),
                    "REDIS_ADDR",
                    "127.0.0.1:" + redis.port),
                "serve",
                "--limits",
                limits.toString());
        HttpClient client = HttpClient.newBuilder().sslContext(pair.trusting()).build()) {
      String listening = tollgate.line();
      askOverHttp(client, port(listening, "http"));
      askOverGrpc(pair, port(listening, "grpc"));
      askAsRedisClient(pair, port(listening, "resp"));
      return labels(awaitAll(client, port(listening, "admin")));
    }
  }

  private static void askOverHttp(HttpClient client, int port) throws Exception {
    post(client, port, "/v1/check", "{\"identifier\": \"user_123\", \"namespace\": \"api\"}");
    post(client, port, "/v1/leases", "{\"identifier\": \"orders\", \"namespace\": \"callees\"}");
  }

  private static void post(HttpClient client, int port, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    require(client.send(request, BodyHandlers.ofString()).statusCode() == 200, path);
  }

  private static void askAsRedisClient(KeyPairFiles pair, int port) throws Exception {
    try (Socket socket = pair.trusting().getSocketFactory().createSocket("localhost", port)) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
      socket.getOutputStream().write("*1\r\n$4\r\nPING\r\n".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes(7);
      require(new String(answer, StandardCharsets.US_ASCII).equals("+PONG\r\n"), "a PING");
    }
  }

  private static void askOverGrpc(KeyPairFiles pair, int port) throws Exception {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", port)
            .sslContext(
                GrpcSslContexts.forClient().trustManager(pair.certificate().toFile()).build())
            .build();
    try {
      CheckRequest check =
          CheckRequest.newBuilder().setIdentifier("user_123").setNamespace("api").build();
      require(call(channel, LimiterMethods.CHECK, check).getAllowed(), "a check over gRPC");
      for (boolean back : List.of(false, true)) {
        var _ = call(channel, EnvoyMethods.SHOULD_RATE_LIMIT, descriptor(back));
      }
    } finally {
      channel.shutdownNow();
    }
  }

  private static RateLimitRequest descriptor(boolean back) {
    return RateLimitRequest.newBuilder()
        .setDomain("edge")
        .addDescriptors(
            RateLimitDescriptor.newBuilder()
                .setIsNegativeHits(back)
                .addEntries(
                    RateLimitDescriptor.Entry.newBuilder().setKey("path").setValue("/login")))
        .build();
  }

  private static <Q, A> A call(ManagedChannel channel, MethodDescriptor<Q, A> method, Q question) {
    return ClientCalls.blockingUnaryCall(
        channel, method, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS), question);
  }

  /** An answer may be heard before it is counted. */
  private static Exposition awaitAll(HttpClient client, int port) throws Exception {
    URI uri = URI.create("https://localhost:" + port + "/metrics");
    HttpRequest scrape = HttpRequest.newBuilder(uri).build();
    long end = System.nanoTime() + PATIENCE_NANOS;
    Exposition read;
    do {
      read = Exposition.classic(client.send(scrape, BodyHandlers.ofString()).body());
    } while (!read.families().keySet().containsAll(BEGIN_LATE) && System.nanoTime() < end);
    require(read.families().keySet().containsAll(BEGIN_LATE), "all of " + BEGIN_LATE);
    return read;
  }

  private static Map<String, Set<String>> labels(Exposition scrape) {
    Map<String, Set<String>> labels = new TreeMap<>();
    scrape
        .families()
        .forEach((_, family) ->
            family
                .samples()
                .keySet()
                .forEach(sample ->
                    labels
                        .computeIfAbsent(sample.name(), _ -> new TreeSet<>())
                        .addAll(sample.labels().keySet())));
    return labels;
  }

  private static void require(boolean good, String what) {
    if (!good) {
      throw new AssertionError(what + " is missing");
    }
  }
}
