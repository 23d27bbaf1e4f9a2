package io.tollgate.server.app;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.Settings;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.OptionalInt;

/**
 * What a server says when it answers checks.
 *
 * @param url where it does
 * @param call a call that shows it, for a shell; a token is in it by its variable's name only
 */
record Greeting(String url, String call) {

  private static final String USUAL_NAMESPACE = "api_requests";

  static Greeting of(Settings settings, int httpPort, Catalog catalog) {
    String url =
        (settings.tls().isPresent() ? "https://" : "http://")
            + host(settings.listen().address())
            + ":"
            + httpPort;
    boolean token = settings.secrets().checkToken().isPresent();
    String header = token ? " -H \"Authorization: Bearer $TOLLGATE_TOKEN\"" : "";
    String call =
        "curl -X POST "
            + url
            + "/v1/check"
            + header
            + " -d '{\"identifier\": \"user_123\", \"namespace\": \""
            + namespace(catalog)
            + "\"}'";
    return new Greeting(url, call);
  }

  /** The first line on stdout. Doors that are not there are null. */
  static String listening(int httpPort, OptionalInt grpcPort, int adminPort, OptionalInt respPort) {
    return "{\"event\":\"listening\",\"http\":"
        + httpPort
        + ",\"grpc\":"
        + orNull(grpcPort)
        + ",\"admin\":"
        + adminPort
        + ",\"resp\":"
        + orNull(respPort)
        + "}";
  }

  private static String orNull(OptionalInt port) {
    return port.isPresent() ? Integer.toString(port.getAsInt()) : "null";
  }

  /** The whole of it, on lines of its own, so that the call can be copied. */
  String forPeople() {
    return "Tollgate answers checks on " + url + ". Try:\n  " + call;
  }

  /** What anybody may do to an open server. */
  static String openToAll(ListenSettings listen) {
    return "TOLLGATE_TOKEN is not set and the server listens on "
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
