package io.tollgate.server.doctor;

import io.tollgate.server.settings.TlsSettings;
import io.tollgate.server.tls.KeyMaterial;
import io.tollgate.server.tls.TlsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A look at who answers on a port: a question about health, with nothing secret in it.
 *
 * @param tls what a Tollgate there would speak; one that speaks plain text is known all the same
 * @param patienceMillis how long each of at most three connections may take
 */
record Probe(InetAddress address, int port, Optional<TlsSettings> tls, int patienceMillis) {

  /** Who answers. */
  enum Answer {
    /** Nobody: the connection was refused. */
    NOBODY,
    /** A server of ours. */
    TOLLGATE,
    /** Somebody else, or one of ours with other settings. */
    ANOTHER
  }

  /** For a connection and all that is said on it: a busy machine needs seconds for TLS. */
  static final int PATIENCE_MILLIS = 5_000;

  /** The answer has some 300 bytes. */
  private static final int MOST_BYTES = 4 << 10;

  private static final byte[] HEALTH =
      "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  /** Our request ids are in no other server's answer. */
  private static final Pattern OURS =
      Pattern.compile(
          "HTTP/1\\.1 200 .*\\r\\nx-request-id: req_.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  Answer look() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), patienceMillis);
    } catch (IOException e) {
      return Answer.NOBODY;
    }
    boolean ours = tls.filter(this::isOursBehindTls).isPresent() || isOurs();
    return ours ? Answer.TOLLGATE : Answer.ANOTHER;
  }

  private boolean isOurs() {
    try (Socket socket = connect()) {
      return isOurs(socket);
    } catch (IOException e) {
      return false;
    }
  }

  /** One that asks for certificates answers us no question, but it has shown its own by then. */
  private boolean isOursBehindTls(TlsSettings files) {
    Whoever whoever = new Whoever();
    try (Socket plain = connect();
        Socket socket = whoever.greet(plain)) {
      if (isOurs(socket)) {
        return true;
      }
    } catch (IOException | GeneralSecurityException e) {
      // Speaks no TLS, or breaks off for want of a certificate.
    }
    try {
      return files.clientCa().isPresent()
          && KeyMaterial.chain(files.certificate()).getFirst().equals(whoever.shown);
    } catch (TlsException e) {
      return false;
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    // Reads have their own bound, but somebody could answer a byte at a time.
    CompletableFuture.delayedExecutor(patienceMillis, TimeUnit.MILLISECONDS)
        .execute(() -> close(socket));
    socket.setSoTimeout(patienceMillis);
    socket.connect(new InetSocketAddress(address, port), patienceMillis);
    return socket;
  }

  private static boolean isOurs(Socket socket) throws IOException {
    socket.getOutputStream().write(HEALTH);
    socket.getOutputStream().flush();
    byte[] answer = socket.getInputStream().readNBytes(MOST_BYTES);
    return OURS.matcher(new String(answer, StandardCharsets.ISO_8859_1)).matches();
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more in either case.
    }
  }

  /** Speaks TLS with whoever it is, and remembers the certificate. */
  private static final class Whoever implements X509TrustManager {

    private @Nullable X509Certificate shown;

    /** The greeting of a connection, which stays open for whoever opened it. */
    Socket greet(Socket plain) throws IOException, GeneralSecurityException {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      String host = plain.getInetAddress().getHostAddress();
      return context.getSocketFactory().createSocket(plain, host, plain.getPort(), false);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      shown = chain[0];
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new UnsupportedOperationException("a client trusts no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
