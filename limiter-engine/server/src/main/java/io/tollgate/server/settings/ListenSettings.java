package io.tollgate.server.settings;

import java.net.InetAddress;
import java.util.Optional;

/**
 * Where checks arrive.
 *
 * @param address the address that every door is bound to
 * @param httpPort the port of checks over HTTP; 0 takes a free one
 * @param adminPort the port of health; 0 takes a free one
 * @param maxConnections connections that are open at once, of all doors together
 */
public record ListenSettings(InetAddress address, int httpPort, int adminPort, int maxConnections) {

  private static final String DEFAULT_BIND = "127.0.0.1";
  private static final int DEFAULT_HTTP_PORT = 8080;
  private static final int DEFAULT_ADMIN_PORT = 8081;
  private static final int MOST = 65_535;

  /** What clients with pools of their own never reach, and far below systemd's 524,288 files. */
  private static final int DEFAULT_CONNECTIONS = 20_000;

  /** More than one machine's ports and files carry. */
  private static final int MOST_CONNECTIONS = 1_000_000;

  /** Whether only this machine can connect. */
  public boolean loopback() {
    return address.isLoopbackAddress();
  }

  static ListenSettings read(Source source) {
    int http = port(source, Variable.HTTP_PORT).orElse(DEFAULT_HTTP_PORT);
    int admin = port(source, Variable.ADMIN_PORT).orElse(DEFAULT_ADMIN_PORT);
    // Doors that are not built yet: their ports are settled, so they are checked and kept free.
    var _ = port(source, Variable.GRPC_PORT);
    if (source.value(Variable.RESP_PORT).filter(s -> !s.text().equals("off")).isPresent()) {
      var _ = port(source, Variable.RESP_PORT);
    }
    if (http == admin && http != 0) {
      source.problem(
          "port "
              + http
              + " is wanted for checks and for health; set TOLLGATE_HTTP_PORT and"
              + " TOLLGATE_ADMIN_PORT apart");
    }
    int connections =
        source
            .value(Variable.MAX_CONNECTIONS)
            .flatMap(s -> s.wholeNumber(1, MOST_CONNECTIONS))
            .map(Math::toIntExact)
            .orElse(DEFAULT_CONNECTIONS);
    return new ListenSettings(address(source), http, admin, connections);
  }

  private static Optional<Integer> port(Source source, Variable variable) {
    Optional<Source.Setting> setting = source.value(variable);
    // A Service named tollgate-http makes Kubernetes say where it is under our variable's name.
    if (setting.filter(s -> UnknownNames.isAddressOfAService(s.text())).isPresent()) {
      setting
          .get()
          .problem(
              "was set by Kubernetes for a Service, not by you",
              "set enableServiceLinks: false in the pod");
      return Optional.empty();
    }
    return setting.flatMap(s -> s.wholeNumber(0, MOST)).map(Math::toIntExact);
  }

  private static InetAddress address(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.BIND);
    String text = setting.map(Source.Setting::text).orElse(DEFAULT_BIND);
    try {
      return InetAddress.ofLiteral(text.equals("localhost") ? DEFAULT_BIND : text);
    } catch (IllegalArgumentException e) {
      setting.ifPresent(s ->
          s.problem(
              "is not an address of this machine",
              "write an IP address such as 127.0.0.1, 0.0.0.0 or ::, or localhost"));
      return InetAddress.getLoopbackAddress();
    }
  }
}
