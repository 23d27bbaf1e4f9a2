package io.tollgate.server.gateway;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands behind a proxy: answers everything with 200, and counts it. */
final class Application implements AutoCloseable {

  /** By this header its client sees with which RateLimit the request has come. */
  static final String TOLD = "Application-Was-Told";

  private static final byte[] HELLO = "hello\n".getBytes(StandardCharsets.UTF_8);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final AtomicInteger requests = new AtomicInteger();

  Application() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          List<String> told = exchange.getRequestHeaders().getOrDefault("RateLimit", List.of());
          exchange.getResponseHeaders().put(TOLD, told);
          exchange.sendResponseHeaders(200, HELLO.length);
          exchange.getResponseBody().write(HELLO);
          exchange.close();
        });
    server.start();
  }

  /** Where it listens, on 127.0.0.1. */
  int port() {
    return server.getAddress().getPort();
  }

  /** How many requests have come through. */
  int requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
