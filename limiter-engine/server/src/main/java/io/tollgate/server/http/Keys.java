package io.tollgate.server.http;

import io.tollgate.server.door.BearerToken;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.http.Route.Access;
import java.util.Optional;

/**
 * Who may ask what of a door.
 *
 * <p>A call whose token is configured needs that token. Where none is, everybody who can connect
 * may call; on loopback that must not include the pages that a browser of this machine shows, so
 * there the request must name this machine and come from no page (DNS rebinding, cross-site
 * requests).
 *
 * @param check opens checks
 * @param admin opens administration; never the same as the other
 * @param loopback whether only this machine can connect
 */
record Keys(Optional<BearerToken> check, Optional<BearerToken> admin, boolean loopback) {

  /**
   * Lets a request pass.
   *
   * @param uri its target; in the absolute form it names the host too
   * @throws RefusedException when it lacks the token, or may come from a page in a browser
   */
  void require(Access access, String uri, HeadFields fields) {
    switch (access) {
      case CHECK -> require(check, "check", uri, fields);
      case GATEWAY -> requireOfGateway(uri, fields);
      case ADMIN -> require(admin, "admin", uri, fields);
      case OPEN -> {
        if (loopback) {
          LocalOnly.require(uri, fields, LocalOnly.WITHOUT_TOKEN);
        }
      }
      case HEALTH -> {}
    }
  }

  /** The Authorization header is its client's. */
  private void requireOfGateway(String uri, HeadFields fields) {
    if (check.isEmpty()) {
      require(check, "check", uri, fields);
    } else if (!check.get().is(fields.gatewayToken())) {
      throw RefusedException.of(
          ErrorCode.UNAUTHORIZED, "send the check token as 'X-Tollgate-Token: <token>'");
    }
  }

  private void require(Optional<BearerToken> token, String name, String uri, HeadFields fields) {
    if (token.isPresent()) {
      if (!token.get().admits(fields.authorization())) {
        throw RefusedException.of(
            ErrorCode.UNAUTHORIZED,
            "send the " + name + " token as 'Authorization: Bearer <token>'");
      }
    } else if (loopback) {
      LocalOnly.require(uri, fields, LocalOnly.WITH_TOKEN);
    }
  }
}
