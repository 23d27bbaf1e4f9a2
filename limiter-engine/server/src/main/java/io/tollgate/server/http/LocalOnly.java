package io.tollgate.server.http;

import io.netty.util.NetUtil;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Refuses what a page in a browser could make this machine send to itself. */
final class LocalOnly {

  /** What lets a call pass that a token would open. */
  static final String WITH_TOKEN = "set TOLLGATE_TOKEN and send it, or call from no web page";

  /** What lets a call pass that no token opens. */
  static final String WITHOUT_TOKEN = "call from no web page";

  private LocalOnly() {}

  /**
   * Lets a request pass that names this machine and comes from no page of another site.
   *
   * @param fix what the refusal advises
   * @throws RefusedException naming the header
   */
  static void require(String uri, HeadFields fields, String fix) {
    if (fields.origin() != null) {
      throw foreign("a request with an Origin header comes from a web page", fix);
    }
    CharSequence site = fields.fetchSite();
    if (site != null && !"none".contentEquals(site) && !"same-origin".contentEquals(site)) {
      throw foreign("Sec-Fetch-Site: " + site + " comes from a web page", fix);
    }
    requireLocal(authority(uri, fields.host()), fix);
  }

  /** RFC 9112 3.2.2: in the absolute form the target's authority stands for the Host header. */
  private static @Nullable CharSequence authority(String uri, @Nullable CharSequence host) {
    int scheme = uri.indexOf("://");
    if (scheme < 0 || uri.startsWith("/")) {
      return host;
    }
    int end = scheme + 3;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return uri.substring(scheme + 3, end);
  }

  private static void requireLocal(@Nullable CharSequence authority, String fix) {
    if (authority == null) {
      return;
    }
    String host = withoutPort(authority.toString().strip().toLowerCase(Locale.ROOT));
    boolean local =
        host.equals("localhost")
            || host.equals("[::1]")
            || (host.startsWith("127.") && NetUtil.isValidIpV4Address(host));
    if (!local) {
      throw foreign("the host '" + host + "' is not this machine: localhost or 127.0.0.1", fix);
    }
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static RefusedException foreign(String why, String fix) {
    return RefusedException.of(ErrorCode.FOREIGN_ORIGIN, why + "; " + fix);
  }
}
