package io.tollgate.server.http;

import io.netty.util.NetUtil;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Refuses what a page in a browser could make this machine send to itself. */
final class LocalOnly {

  private static final String FIX = "; set TOLLGATE_TOKEN and send it, or call from no web page";

  private LocalOnly() {}

  /**
   * Lets a request pass that names this machine and comes from no page of another site.
   *
   * @throws RefusedException naming the header
   */
  static void require(String uri, HeadFields fields) {
    if (fields.origin() != null) {
      throw foreign("a request with an Origin header comes from a web page");
    }
    CharSequence site = fields.fetchSite();
    if (site != null && !"none".contentEquals(site) && !"same-origin".contentEquals(site)) {
      throw foreign("Sec-Fetch-Site: " + site + " comes from a web page");
    }
    requireLocal(authority(uri, fields.host()));
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

  private static void requireLocal(@Nullable CharSequence authority) {
    if (authority == null) {
      return;
    }
    String host = withoutPort(authority.toString().strip().toLowerCase(Locale.ROOT));
    boolean local =
        host.equals("localhost")
            || host.equals("[::1]")
            || (host.startsWith("127.") && NetUtil.isValidIpV4Address(host));
    if (!local) {
      throw foreign("the host '" + host + "' is not this machine: localhost or 127.0.0.1");
    }
  }

  private static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }

  private static RefusedException foreign(String why) {
    return RefusedException.of(ErrorCode.FOREIGN_ORIGIN, why + FIX);
  }
}
