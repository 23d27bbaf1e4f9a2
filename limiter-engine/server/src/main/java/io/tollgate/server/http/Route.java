package io.tollgate.server.http;

import org.jspecify.annotations.Nullable;

/** What can be asked for, by path. */
enum Route {
  /** One check. */
  CHECK("/v1/check", "POST, OPTIONS", Route.HOT_BODY),
  /** Up to 1,000 checks. */
  BATCH("/v1/check:batch", "POST, OPTIONS", Route.BATCH_BODY),
  /** What a check would be told, and why. */
  EXPLAIN("/v1/check:explain", "POST, OPTIONS", Route.HOT_BODY),
  /** The same as ready. */
  HEALTH("/health", "GET, HEAD, OPTIONS", Route.HOT_BODY),
  /** Whether the process answers. */
  LIVE("/health/live", "GET, HEAD, OPTIONS", Route.HOT_BODY),
  /** Whether checks are answered. */
  READY("/health/ready", "GET, HEAD, OPTIONS", Route.HOT_BODY),
  /** Whether the start is over. */
  STARTED("/health/started", "GET, HEAD, OPTIONS", Route.HOT_BODY);

  /** Methods of the server as a whole, for {@code OPTIONS *}. */
  static final String ALL_METHODS = "GET, HEAD, POST, OPTIONS";

  /** A check is some 100 bytes; this leaves room for every field at its longest. */
  static final int HOT_BODY = 64 * 1024;

  /** 1,000 checks of 1 KiB each. */
  static final int BATCH_BODY = 1024 * 1024;

  private final String path;
  private final String allow;
  private final int bodyLimit;

  Route(String path, String allow, int bodyLimit) {
    this.path = path;
    this.allow = allow;
    this.bodyLimit = bodyLimit;
  }

  /** The route of a decoded path, or null. */
  static @Nullable Route of(String path) {
    return switch (path) {
      case "/v1/check" -> CHECK;
      case "/v1/check:batch" -> BATCH;
      case "/v1/check:explain" -> EXPLAIN;
      case "/health" -> HEALTH;
      case "/health/live" -> LIVE;
      case "/health/ready" -> READY;
      case "/health/started" -> STARTED;
      default -> null;
    };
  }

  String path() {
    return path;
  }

  /** The value of an Allow header. */
  String allow() {
    return allow;
  }

  /** The most bytes of a body. */
  int bodyLimit() {
    return bodyLimit;
  }

  /** Whether it is asked without a token, on every port, by GET. */
  boolean health() {
    return switch (this) {
      case CHECK, BATCH, EXPLAIN -> false;
      case HEALTH, LIVE, READY, STARTED -> true;
    };
  }
}
