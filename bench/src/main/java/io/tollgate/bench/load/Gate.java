package io.tollgate.bench.load;

/** How an nginx of ours and its peers limits requests. */
enum Gate {
  /** It asks Tollgate. */
  AUTH_REQUEST(
      "auth_request",
      "auth_request to Tollgate's /v1/authz by integrations/nginx/nginx.conf; gcra, 1 a minute,"
          + " burst "
          + Peer.BURST
          + " for each X-API-Key; tollgate shares nginx's core"),

  /** Its own module does. */
  LIMIT_REQ(
      "limit_req",
      "the same nginx with limit_req by $http_x_api_key, 1 a minute, burst "
          + Peer.BURST
          + " nodelay in the place of auth_request"),

  /** Nobody does: what the rest costs. */
  NONE("no limit", "the same nginx without either");

  private final String label;
  private final String asked;

  Gate(String label, String asked) {
    this.label = label;
    this.asked = asked;
  }

  /** What the report calls it. */
  String label() {
    return label;
  }

  /** What exactly is asked and configured. */
  String asked() {
    return asked;
  }
}
