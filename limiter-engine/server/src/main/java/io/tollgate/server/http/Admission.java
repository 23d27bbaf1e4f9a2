package io.tollgate.server.http;

import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.http.Route.Target;
import org.jspecify.annotations.Nullable;

/** Judges the head of a request, before its body is read. */
final class Admission {

  private static final int MOST_HEADERS = 100;

  private Admission() {}

  /** What makes it unsafe to go on reading this connection; null when nothing does. */
  static @Nullable Problem framing(HttpRequest request, HeadFields fields) {
    if (request.decoderResult().isFailure()) {
      return unreadable(request.decoderResult().cause());
    }
    HttpVersion version = request.protocolVersion();
    if (version.majorVersion() != 1 || !"HTTP".equals(version.protocolName())) {
      return Problem.of(
          ErrorCode.VERSION_NOT_SUPPORTED, version.text() + " is not spoken here; use HTTP/1.1");
    }
    if (fields.count() > MOST_HEADERS) {
      return Problem.of(
          ErrorCode.HEADERS_TOO_LARGE,
          fields.count() + " headers are too many; send at most " + MOST_HEADERS);
    }
    boolean modern = version.minorVersion() > 0;
    Problem host = Hosts.problem(fields, modern);
    if (host != null) {
      return host;
    }
    if (fields.hasTransferEncoding()) {
      return coding(fields);
    }
    return null;
  }

  private static @Nullable Problem coding(HeadFields fields) {
    if (fields.contentLength() >= 0) {
      return bothLengths();
    }
    if (!fields.isChunked()) {
      return Problem.of(
          ErrorCode.UNSUPPORTED_TRANSFER_ENCODING, "the only transfer coding read here is chunked");
    }
    return null;
  }

  private static Problem bothLengths() {
    return Problem.of(
        ErrorCode.AMBIGUOUS_LENGTH,
        "Content-Length and Transfer-Encoding exclude each other; send one of them");
  }

  /** Says why the decoder gave up. */
  static Problem unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ ->
          Problem.of(ErrorCode.URI_TOO_LONG, "the request line is longer than 8 KiB");
      case TooLongFrameException _ ->
          Problem.of(ErrorCode.HEADERS_TOO_LARGE, "the headers are longer than 16 KiB");
      case ContentLengthNotAllowedException _ -> bothLengths();
      default ->
          Problem.of(
              ErrorCode.MALFORMED_REQUEST, "the request does not follow RFC 9112; it was not read");
    };
  }

  /** Says why the decoder gave up in the middle of a body. */
  static Problem unreadableBody(Throwable cause) {
    return cause instanceof TooLongHttpHeaderException
        ? unreadable(cause)
        : Problem.of(ErrorCode.MALFORMED_REQUEST, "the chunks of the body do not follow RFC 9112");
  }

  /** Whether the connection goes on after this request. */
  static boolean keepsAlive(HttpRequest request, HeadFields fields) {
    return !fields.connectionSays("close")
        && (request.protocolVersion().minorVersion() > 0 || fields.connectionSays("keep-alive"));
  }

  /**
   * The route of a request to this door, noted in its account; null for {@code OPTIONS *}.
   *
   * @throws RefusedException when it has none, or its head forbids it
   */
  static @Nullable Target route(Exchange asked, String uri, HeadFields fields, Door door) {
    HttpMethod method = asked.method();
    boolean options = method.equals(HttpMethod.OPTIONS);
    if (options && uri.equals("*")) {
      return null;
    }
    Target target = find(method, uri, door);
    Route route = target.route();
    asked.account.route(route);
    if (route == Route.AUTHZ) {
      asked.forGateway(AuthzQuery.wantsForbidden(target.argument()));
    }
    if (options && !route.takesAnyMethod()) {
      return target;
    }
    if (!route.permits(method)) {
      throw new RefusedException(
          Problem.method(
              route.allow(),
              method + " is not allowed on " + route.path() + "; use " + route.allow()));
    }
    door.keys().require(route.access(), uri, fields);
    requireBody(fields, route);
    return target;
  }

  private static Target find(HttpMethod method, String uri, Door door) {
    if (door.checks() && uri.equals(Route.CHECK.path())) {
      return Target.CHECK;
    }
    if (method.equals(HttpMethod.TRACE) || method.equals(HttpMethod.CONNECT)) {
      throw new RefusedException(
          Problem.method(Route.ALL_METHODS, method + " is not allowed on any path"));
    }
    Target target = Route.of(Paths.of(uri));
    if (target == null || !door.has(target.route())) {
      throw RefusedException.of(
          ErrorCode.NOT_FOUND, "the paths are listed in the documentation of the HTTP API");
    }
    return target.route().hasQuery() ? withQuery(target, uri) : target;
  }

  private static Target withQuery(Target target, String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? target : new Target(target.route(), uri.substring(query + 1));
  }

  private static void requireBody(HeadFields fields, Route route) {
    // What a gateway's client says of its body says nothing of the gateway's request.
    boolean read = route != Route.AUTHZ;
    if (read && fields.expects() && !fields.expectsContinue()) {
      throw RefusedException.of(
          ErrorCode.EXPECTATION_FAILED, "the only expectation met here is 100-continue");
    }
    if (read && fields.isEncoded()) {
      throw RefusedException.of(
          ErrorCode.UNSUPPORTED_ENCODING, "the body must not be compressed; send it as it is");
    }
    if (fields.contentLength() > route.bodyLimit()) {
      throw RefusedException.of(ErrorCode.BODY_TOO_LARGE, tooLarge(route.bodyLimit()));
    }
  }

  static String tooLarge(int limit) {
    return "the body is longer than " + limit + " bytes";
  }
}
