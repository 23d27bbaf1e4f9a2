package io.tollgate.server.http;

import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request of HTTP/2, after Netty has refused what RFC 9113 forbids in any head (8.2,
 * 8.3): control characters, headers about the connection, pseudo-headers out of place.
 *
 * @param method what is to be done
 * @param target the path; of CONNECT, which has none, the authority
 */
record H2Head(HttpMethod method, String target) {

  private static final int MOST_TARGET = 8 * 1024;
  private static final int MOST_HEADERS = 100;

  /**
   * Reads a head.
   *
   * @param fields gets its headers
   * @throws RefusedException when it is out of bounds, or could be read in two ways
   */
  static H2Head read(Http2Headers headers, HeadFields fields) {
    requireBounds(fields);
    readHost(headers.authority(), fields);
    HttpMethod method = method(headers.method());
    CharSequence path = headers.path();
    if (path == null) {
      return new H2Head(method, String.valueOf(fields.host()));
    }
    return new H2Head(method, target(method, path));
  }

  private static void requireBounds(HeadFields fields) {
    if (fields.count() > MOST_HEADERS) {
      throw RefusedException.of(
          ErrorCode.HEADERS_TOO_LARGE,
          fields.count() + " headers are too many; send at most " + MOST_HEADERS);
    }
  }

  private static void readHost(@Nullable CharSequence authority, HeadFields fields) {
    if (authority != null) {
      if (fields.hosts() > 0 && !same(authority, fields.host())) {
        throw RefusedException.of(
            ErrorCode.INVALID_HOST, ":authority and Host differ; send one of them");
      }
      fields.host(authority);
    }
    Problem wrong = Hosts.problem(fields, true);
    if (wrong != null) {
      throw new RefusedException(wrong);
    }
  }

  private static boolean same(CharSequence one, @Nullable CharSequence other) {
    return other != null && CharSequence.compare(one, other) == 0;
  }

  private static HttpMethod method(@Nullable CharSequence name) {
    try {
      return HttpMethod.valueOf(String.valueOf(name));
    } catch (IllegalArgumentException e) {
      throw RefusedException.of(ErrorCode.MALFORMED_REQUEST, "the method is no token");
    }
  }

  private static String target(HttpMethod method, CharSequence path) {
    if (path.length() > MOST_TARGET) {
      throw RefusedException.of(ErrorCode.URI_TOO_LONG, "the path is longer than 8 KiB");
    }
    String target = path.toString();
    boolean all = target.equals("*") && method.equals(HttpMethod.OPTIONS);
    if (!target.startsWith("/") && !all) {
      throw RefusedException.of(
          ErrorCode.INVALID_PATH, "the path does not begin with a slash; send one as /v1/check");
    }
    return target;
  }
}
