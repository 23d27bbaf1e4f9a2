package io.tollgate.server.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody with an address of its own: all of 127.0.0.0/8 is this machine. */
final class Visitor implements AutoCloseable {

  /** A proxy that does not answer shows as a failure after this time. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Addresses below are for tests that name theirs. */
  private static final AtomicInteger NEXT = new AtomicInteger(20);

  private final HttpClient client;

  private Visitor(InetAddress address) {
    client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).localAddress(address).build();
  }

  /** One whom nobody has seen before. */
  static Visitor stranger() throws IOException {
    int number = NEXT.getAndIncrement();
    return new Visitor(
        InetAddress.getByAddress(new byte[] {127, 0, (byte) (number >> 8), (byte) number}));
  }

  /** One with this address. */
  static Visitor from(String address) throws IOException {
    return new Visitor(InetAddress.getByName(address));
  }

  /** The answer to a GET with headers, and how long it took. */
  Answer get(EnvoyProcess envoy, String path, String... headers) throws Exception {
    return get(envoy.port(), path, headers);
  }

  /** The answer of whoever listens on a port to a GET with headers, and how long it took. */
  Answer get(int port, String path, String... headers) throws Exception {
    return send(port, path, HttpRequest.newBuilder(), headers);
  }

  /** As {@link #get}, with a body of so many bytes. */
  Answer post(EnvoyProcess envoy, String path, int bytes) throws Exception {
    return send(
        envoy.port(),
        path,
        HttpRequest.newBuilder().POST(BodyPublishers.ofByteArray(new byte[bytes])));
  }

  private Answer send(int port, String path, HttpRequest.Builder request, String... headers)
      throws Exception {
    if (headers.length > 0) {
      request.headers(headers);
    }
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    long start = System.nanoTime();
    HttpResponse<String> response =
        client.send(request.uri(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
    return new Answer(response, Duration.ofNanos(System.nanoTime() - start));
  }

  /** What came back. */
  record Answer(HttpResponse<String> response, Duration took) {

    int status() {
      return response.statusCode();
    }

    /** A header's only value, or nothing. */
    String header(String name) {
      List<String> values = response.headers().allValues(name);
      return values.isEmpty() ? "" : String.join(" and ", values);
    }

    /** Whether Tollgate has decided it, and not the policy for when it cannot. */
    boolean decided() {
      return !header("x-ratelimit-limit").isEmpty();
    }

    /** What is left, as Envoy says it; -1 when Tollgate was not asked. */
    int remaining() {
      return decided() ? Integer.parseInt(header("x-ratelimit-remaining")) : -1;
    }

    @Override
    public String toString() {
      return status() + " " + response.headers().map();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
