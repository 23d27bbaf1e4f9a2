package io.tollgate.server.http;

import static io.netty.handler.codec.http.HttpMethod.DELETE;
import static io.netty.handler.codec.http.HttpMethod.GET;
import static io.netty.handler.codec.http.HttpMethod.HEAD;
import static io.netty.handler.codec.http.HttpMethod.POST;
import static io.netty.handler.codec.http.HttpMethod.PUT;

import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/** What can be asked for, by path. */
enum Route {
  /** One check. */
  CHECK("/v1/check", Access.CHECK, Route.HOT_BODY, POST),
  /** Up to 1,000 checks. */
  BATCH("/v1/check:batch", Access.CHECK, Route.BATCH_BODY, POST),
  /** What a check would be told, and why. */
  EXPLAIN("/v1/check:explain", Access.CHECK, Route.HOT_BODY, POST),
  /** One check of a gateway, by whatever method its client uses. */
  AUTHZ("/v1/authz", Access.GATEWAY, Route.HOT_BODY, GET),
  /** A check that is settled later. */
  RESERVE("/v1/reservations", Access.CHECK, Route.HOT_BODY, POST),
  /** Settles a reservation at what was really used. */
  COMMIT("/v1/reservations/{id}:commit", Access.CHECK, Route.HOT_BODY, POST),
  /** Settles a reservation at nothing. */
  CANCEL("/v1/reservations/{id}:cancel", Access.CHECK, Route.HOT_BODY, POST),
  /** Takes a unit of concurrency. */
  ACQUIRE("/v1/leases", Access.CHECK, Route.HOT_BODY, POST),
  /** Holds a lease longer. */
  RENEW("/v1/leases/{id}:renew", Access.CHECK, Route.HOT_BODY, POST),
  /** Ends a lease. */
  RELEASE("/v1/leases/{id}:release", Access.CHECK, Route.HOT_BODY, POST),
  /** Takes units back. */
  REFUND("/v1/refund", Access.ADMIN, Route.HOT_BODY, POST),
  /** Forgets what was used. */
  RESET("/v1/reset", Access.ADMIN, Route.HOT_BODY, POST),
  /** All namespaces. */
  NAMESPACES("/v1/namespaces", Access.ADMIN, Route.HOT_BODY, GET, HEAD),
  /** One namespace. */
  NAMESPACE("/v1/namespaces/{namespace}", Access.ADMIN, Route.ADMIN_BODY, GET, HEAD, PUT, DELETE),
  /** What the server counts about itself, for Prometheus. */
  METRICS("/metrics", Access.OPEN, Route.HOT_BODY, GET, HEAD),
  /** The same as ready. */
  HEALTH("/health", Access.HEALTH, Route.HOT_BODY, GET, HEAD),
  /** Whether the process answers. */
  LIVE("/health/live", Access.HEALTH, Route.HOT_BODY, GET, HEAD),
  /** Whether checks are answered. */
  READY("/health/ready", Access.HEALTH, Route.HOT_BODY, GET, HEAD),
  /** Whether the start is over. */
  STARTED("/health/started", Access.HEALTH, Route.HOT_BODY, GET, HEAD),
  /** All of these calls, for machines. */
  OPENAPI("/openapi.yaml", Access.HEALTH, Route.HOT_BODY, GET, HEAD);

  /** Who may ask, and on which port. */
  enum Access {
    /** Who has the check token; on the port of checks. */
    CHECK,
    /** Who has the check token in a header of its own; on the port of checks. */
    GATEWAY,
    /** Who has the admin token; on both ports. */
    ADMIN,
    /** Everybody who can connect, but no page in a browser; on the operator's port. */
    OPEN,
    /** Everybody who can connect, from wherever; on both ports. */
    HEALTH
  }

  /**
   * A route with what its path holds.
   *
   * @param argument the id or the name in the path; empty when it has none
   */
  record Target(Route route, String argument) {

    /** The hot one. */
    static final Target CHECK = new Target(Route.CHECK, "");
  }

  /** Methods of the server as a whole, for {@code OPTIONS *}. */
  static final String ALL_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

  /** A check is some 100 bytes; this leaves room for every field at its longest. */
  static final int HOT_BODY = 64 * 1024;

  /** 1,000 checks of 1 KiB each. */
  static final int BATCH_BODY = 1024 * 1024;

  /** A namespace with some 2,000 overrides. */
  static final int ADMIN_BODY = 256 * 1024;

  private static final String RESERVATION = "/v1/reservations/";
  private static final String LEASE = "/v1/leases/";
  private static final String ONE_NAMESPACE = "/v1/namespaces/";

  private final String path;
  private final Access access;
  private final int bodyLimit;
  private final int methods;
  private final String allow;

  Route(String path, Access access, int bodyLimit, HttpMethod... methods) {
    this.path = path;
    this.access = access;
    this.bodyLimit = bodyLimit;
    int bits = 0;
    StringBuilder names = new StringBuilder();
    for (HttpMethod method : methods) {
      bits |= bit(method);
      names.append(method.name()).append(", ");
    }
    this.methods = bits;
    this.allow = names.append("OPTIONS").toString();
  }

  /** The route of a decoded path, or null. */
  static @Nullable Target of(String path) {
    return switch (path) {
      case "/v1/check" -> Target.CHECK;
      case "/v1/check:batch" -> new Target(BATCH, "");
      case "/v1/check:explain" -> new Target(EXPLAIN, "");
      case "/v1/authz" -> new Target(AUTHZ, "");
      case "/v1/reservations" -> new Target(RESERVE, "");
      case "/v1/leases" -> new Target(ACQUIRE, "");
      case "/v1/refund" -> new Target(REFUND, "");
      case "/v1/reset" -> new Target(RESET, "");
      case "/v1/namespaces" -> new Target(NAMESPACES, "");
      case "/metrics" -> new Target(METRICS, "");
      case "/health" -> new Target(HEALTH, "");
      case "/health/live" -> new Target(LIVE, "");
      case "/health/ready" -> new Target(READY, "");
      case "/health/started" -> new Target(STARTED, "");
      case "/openapi.yaml" -> new Target(OPENAPI, "");
      default -> withArgument(path);
    };
  }

  private static @Nullable Target withArgument(String path) {
    if (path.startsWith(RESERVATION)) {
      return verb(path, RESERVATION.length(), ":commit", COMMIT, ":cancel", CANCEL);
    }
    if (path.startsWith(LEASE)) {
      return verb(path, LEASE.length(), ":renew", RENEW, ":release", RELEASE);
    }
    if (path.startsWith(ONE_NAMESPACE)) {
      return argument(path, ONE_NAMESPACE.length(), path.length(), NAMESPACE);
    }
    return null;
  }

  private static @Nullable Target verb(
      String path, int from, String one, Route first, String other, Route second) {
    if (path.endsWith(one)) {
      return argument(path, from, path.length() - one.length(), first);
    }
    return path.endsWith(other)
        ? argument(path, from, path.length() - other.length(), second)
        : null;
  }

  private static @Nullable Target argument(String path, int from, int to, Route route) {
    String argument = from < to ? path.substring(from, to) : "";
    return argument.isEmpty() || argument.indexOf('/') >= 0 ? null : new Target(route, argument);
  }

  /** The path, with the name of what it holds in braces. */
  String path() {
    return path;
  }

  Access access() {
    return access;
  }

  boolean permits(HttpMethod method) {
    return takesAnyMethod() || (methods & bit(method)) != 0;
  }

  /** Whether a method says nothing, OPTIONS neither: it may be that of a gateway's client. */
  boolean takesAnyMethod() {
    return this == AUTHZ;
  }

  /** Whether the query means something. */
  boolean hasQuery() {
    return this == NAMESPACES || this == AUTHZ;
  }

  private static int bit(HttpMethod method) {
    return switch (method.name()) {
      case "GET" -> 1;
      case "HEAD" -> 2;
      case "POST" -> 4;
      case "PUT" -> 8;
      case "DELETE" -> 16;
      default -> 0;
    };
  }

  /** The value of an Allow header. */
  String allow() {
    return allow;
  }

  /** The most bytes of a body. */
  int bodyLimit() {
    return bodyLimit;
  }
}
