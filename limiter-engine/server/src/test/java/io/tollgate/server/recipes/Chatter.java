package io.tollgate.server.recipes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of a WebSocket server on this machine. */
final class Chatter implements WebSocket.Listener, AutoCloseable {

  private static final int PATIENCE_SECONDS = 30;

  /** What RFC 6455 calls a connection that ended without a close frame. */
  static final int ABNORMAL = 1006;

  private final HttpClient client = HttpClient.newHttpClient();
  private final StringBuilder part = new StringBuilder();
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> code = new CompletableFuture<>();

  @SuppressWarnings("NullAway.Init") // before anybody has it
  private WebSocket socket;

  private Chatter() {}

  /** A connection of a user. */
  static Chatter open(int port, String user) throws Exception {
    Chatter chatter = new Chatter();
    URI uri = URI.create("ws://127.0.0.1:" + port + "/" + user);
    chatter.socket =
        chatter
            .client
            .newWebSocketBuilder()
            .buildAsync(uri, chatter)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return chatter;
  }

  /** The answer to a connection that is not opened. */
  static HttpResponse<?> refused(int port, String user) throws Exception {
    try (Chatter _ = open(port, user)) {
      throw new AssertionError("a connection of " + user + " was opened");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        return Objects.requireNonNull(refused.getResponse());
      }
      throw e;
    }
  }

  /** Sends a message, and answers what comes next, or the code with which it is closed. */
  String say(String message) throws Exception {
    socket.sendText(message, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return heard();
  }

  /** What comes next, or the code with which it is closed. */
  String heard() throws Exception {
    return Objects.requireNonNull(said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no answer");
  }

  /** Whether the other side has closed it, and how. */
  @Nullable Integer closed() {
    return code.getNow(null);
  }

  /** Closes it as it should be. */
  void leave() throws Exception {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertEquals(WebSocket.NORMAL_CLOSURE, code.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  /** Drops the connection without a word. */
  void vanish() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      said.add(part.toString());
      part.setLength(0);
    }
    socket.request(1);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int statusCode, String reason) {
    code.complete(statusCode);
    said.add("closed " + statusCode);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    code.complete(ABNORMAL);
    said.add("closed " + ABNORMAL);
  }

  @Override
  public void close() {
    if (socket != null) {
      socket.abort();
    }
    client.shutdownNow();
  }
}
