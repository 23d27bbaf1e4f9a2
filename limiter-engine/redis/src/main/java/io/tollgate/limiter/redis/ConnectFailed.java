package io.tollgate.limiter.redis;

import io.lettuce.core.RedisCommandTimeoutException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.tollgate.limiter.redis.RedisAddress.Server;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** There is no connection: in words for an operator, without names of classes. */
final class ConnectFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  static final String UNTRUSTED = "its certificate is signed by nobody who is trusted";
  static final String OTHER_HOST = "its certificate is for another host";
  static final String BAD_CERTIFICATE = "its certificate is refused";
  static final String ASKS_FOR_CERTIFICATE = "it asks for a certificate of its clients";
  static final String NO_TLS = "it speaks no TLS";

  private static final String SILENT = "does not answer";
  private static final String SILENT_TO_TLS = "does not answer to TLS";

  /** What a server that speaks TLS only does to who does not. */
  private static final String ENDED = ", before it answered; it may speak TLS only";

  /** Causes go no deeper, unless one is its own. */
  private static final int MOST_CAUSES = 20;

  ConnectFailed(String words, @Nullable Throwable why) {
    super(words, why);
  }

  /** No connection to a server. */
  static ConnectFailed to(Server server, @Nullable Throwable why, boolean tls) {
    return new ConnectFailed(server + ": " + words(why, tls), why);
  }

  /** TLS was spoken to a server that speaks none. */
  static ConnectFailed withoutTls(Server server) {
    return new ConnectFailed(server + ": " + NO_TLS, null);
  }

  /** As it is, where it is one. */
  static ConnectFailed why(@Nullable Throwable why) {
    return why instanceof ConnectFailed failed ? failed : new ConnectFailed(words(why, false), why);
  }

  /** Whether TLS was begun, and never answered. */
  boolean isSilentToTls() {
    return root(getCause()) instanceof SslHandshakeTimeoutException;
  }

  private static @Nullable Throwable root(@Nullable Throwable why) {
    Throwable root = why;
    for (int i = 0; i < MOST_CAUSES && root != null && root.getCause() != null; i++) {
      root = root.getCause();
    }
    return root;
  }

  private static String words(@Nullable Throwable why, boolean tls) {
    Throwable root = root(why);
    if (root == null) {
      return "cannot connect";
    }
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return switch (root) {
      case NotSslRecordException _ -> NO_TLS;
      case SslHandshakeTimeoutException _ -> SILENT_TO_TLS;
      case RedisCommandTimeoutException _ -> SILENT;
      case ConnectTimeoutException _ -> SILENT;
      case CertPathBuilderException _ -> UNTRUSTED;
      case CertificateException _ when isOfOtherHost(message) -> OTHER_HOST + ": " + message;
      case GeneralSecurityException _ -> BAD_CERTIFICATE + ": " + message;
      case ClosedChannelException _ -> "the connection was closed" + (tls ? "" : ENDED);
      case SocketException _ when message.equals("Connection reset") ->
          message + (tls ? "" : ENDED);
      default -> hasUnknownName(why) ? "its name is not known: " + message : said(message);
    };
  }

  private static boolean hasUnknownName(@Nullable Throwable why) {
    Throwable at = why;
    for (int i = 0; i < MOST_CAUSES && at != null; i++) {
      if (at instanceof UnknownHostException) {
        return true;
      }
      at = at.getCause();
    }
    return false;
  }

  private static boolean isOfOtherHost(String message) {
    String words = message.toLowerCase(Locale.ROOT);
    return words.contains("no subject alternative") || words.contains("no name matching");
  }

  /** What Redis, or TLS at its end, has said. */
  private static String said(String message) {
    if (message.startsWith("NOAUTH")) {
      return "NOAUTH, it asks for a password";
    } else if (message.contains("certificate_required")) {
      return ASKS_FOR_CERTIFICATE;
    }
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }
}
