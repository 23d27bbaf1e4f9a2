package io.tollgate.server.http;

import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import org.jspecify.annotations.Nullable;

/** Judges who a request says it is for: exactly one host, with nothing in it but a host. */
final class Hosts {

  private Hosts() {}

  /**
   * What is wrong with the host of a request; null when nothing is.
   *
   * @param required whether there must be one
   */
  static @Nullable Problem problem(HeadFields fields, boolean required) {
    if (fields.hosts() > 1 || (required && fields.hosts() == 0)) {
      return Problem.of(
          ErrorCode.INVALID_HOST, "the request has " + fields.hosts() + " Host headers; send one");
    }
    CharSequence host = fields.host();
    if (host == null || isHost(host)) {
      return null;
    }
    return Problem.of(
        ErrorCode.INVALID_HOST,
        "the host '" + host + "' is not a name or an address with an optional port");
  }

  /**
   * Whether a text is {@code host} or {@code host:port} (RFC 9110 7.2), or empty. Names are as DNS
   * has them, with the underscore that some add; what RFC 3986 allows beyond would only help to
   * confuse.
   */
  static boolean isHost(CharSequence text) {
    int end = text.length() > 0 && text.charAt(0) == '[' ? addressEnd(text) : nameEnd(text);
    return end == text.length() || (end > 0 && text.charAt(end) == ':' && isPort(text, end + 1));
  }

  /** The end of an address in brackets; 0 when it has none. */
  private static int addressEnd(CharSequence text) {
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ']') {
        return i > 1 ? i + 1 : 0;
      }
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
        return 0;
      }
    }
    return 0;
  }

  private static int nameEnd(CharSequence text) {
    int end = 0;
    while (end < text.length() && isOfName(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isOfName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._".indexOf(c) >= 0;
  }

  private static boolean isPort(CharSequence text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return text.length() - from <= 5;
  }
}
