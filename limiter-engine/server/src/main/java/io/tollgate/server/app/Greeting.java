package io.tollgate.server.app;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.server.settings.ListenSettings;
import java.net.Inet6Address;
import java.net.InetAddress;

/** What a server says when it answers checks: one line for programs, a few for people. */
final class Greeting {

  private static final String USUAL_NAMESPACE = "api_requests";

  private Greeting() {}

  /** The first line on stdout. Doors that are not built are null. */
  static String listening(int httpPort, int adminPort) {
    return "{\"event\":\"listening\",\"http\":"
        + httpPort
        + ",\"grpc\":null,\"admin\":"
        + adminPort
        + ",\"resp\":null}";
  }

  /** Where checks are answered, and a call that shows it. */
  static String forPeople(ListenSettings listen, int httpPort, boolean token, Catalog catalog) {
    String url = "http://" + host(listen.address()) + ":" + httpPort;
    String header = token ? " -H \"Authorization: Bearer $TOLLGATE_TOKEN\"" : "";
    return "Tollgate answers checks on "
        + url
        + ". Try:\n"
        + "  curl -X POST "
        + url
        + "/v1/check"
        + header
        + " -d '{\"identifier\": \"user_123\", \"namespace\": \""
        + namespace(catalog)
        + "\"}'";
  }

  /** What anybody may do to an open server. */
  static String openToAll(ListenSettings listen) {
    return "Warning: TOLLGATE_TOKEN is not set and the server listens on "
        + listen.address().getHostAddress()
        + ": whoever reaches it can use up everybody's limits. Set TOLLGATE_TOKEN, or"
        + " TOLLGATE_BIND=127.0.0.1.";
  }

  private static String host(InetAddress address) {
    if (address.isAnyLocalAddress()) {
      return "localhost";
    }
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress() + "]"
        : address.getHostAddress();
  }

  /** One that this catalog answers. */
  private static String namespace(Catalog catalog) {
    return catalog.find(USUAL_NAMESPACE).isPresent()
        ? USUAL_NAMESPACE
        : catalog.names().stream().sorted().findFirst().orElse(USUAL_NAMESPACE);
  }
}
