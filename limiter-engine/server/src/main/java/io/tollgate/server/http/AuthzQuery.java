package io.tollgate.server.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway's configuration says with each question: {@code namespace=edge&deny=403}.
 *
 * @param namespace what is limited
 */
record AuthzQuery(String namespace) {

  private static final String NAMESPACE = "namespace";
  private static final String DENY = "deny";
  private static final String FORBIDDEN = "403";
  private static final String USUAL = "429";

  /**
   * Whether nothing but 2xx, 401 and 403 is understood; asked before anything can be refused, so it
   * takes every query.
   */
  static boolean wantsForbidden(String query) {
    for (String parameter : query.split("&", -1)) {
      if (parameter.equals(DENY + "=" + FORBIDDEN)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Reads a query.
   *
   * @throws RefusedException naming the parameter
   */
  static AuthzQuery of(String query) {
    @Nullable String namespace = null;
    @Nullable String deny = null;
    for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value = equals < 0 ? "" : parameter.substring(equals + 1);
      switch (name) {
        case NAMESPACE -> namespace = once(name, namespace, decoded(value));
        case DENY -> deny = once(name, deny, value);
        default -> throw wrong(name, "is not a parameter of this call", "use namespace or deny");
      }
    }
    if (namespace == null) {
      throw RefusedException.field(
          ErrorCode.MISSING_FIELD,
          "?" + NAMESPACE,
          "is missing",
          "say what is limited: ?namespace=edge");
    }
    if (!Limit.NAME.matcher(namespace).matches()) {
      throw wrong(NAMESPACE, "is not a name", "use 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    if (deny != null && !deny.equals(FORBIDDEN) && !deny.equals(USUAL)) {
      throw wrong(DENY, "is no status of a denial", "write 403, or 429 as without it");
    }
    return new AuthzQuery(namespace);
  }

  private static String once(String name, @Nullable String before, String value) {
    if (before != null) {
      throw wrong(name, "is there twice", "write it once");
    }
    return value;
  }

  private static String decoded(String value) {
    try {
      return QueryStringDecoder.decodeComponent(value);
    } catch (IllegalArgumentException e) {
      throw wrong(NAMESPACE, "has a broken percent-encoding", "write two hex digits behind %");
    }
  }

  private static RefusedException wrong(String parameter, String detail, String fix) {
    return RefusedException.field(ErrorCode.INVALID_FIELD, "?" + parameter, detail, fix);
  }
}
