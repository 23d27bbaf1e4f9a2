package io.tollgate.server.settings;

import io.tollgate.server.address.TrustedProxies;
import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where checks arrive.
 *
 * @param address the address that every door is bound to
 * @param httpPort the port of checks over HTTP; 0 takes a free one
 * @param adminPort the port of health; 0 takes a free one
 * @param grpcPort the port of checks over gRPC; 0 takes a free one, empty: there is none
 * @param resp what Redis clients are answered with; empty: they are not
 * @param maxConnections connections that are open at once, of all doors together
 * @param trustedProxies who is believed when it says for whom it asks
 */
public record ListenSettings(
    InetAddress address,
    int httpPort,
    int adminPort,
    OptionalInt grpcPort,
    Optional<RespSettings> resp,
    int maxConnections,
    TrustedProxies trustedProxies) {

  private static final String DEFAULT_BIND = "127.0.0.1";
  private static final int DEFAULT_HTTP_PORT = 8080;
  private static final int DEFAULT_ADMIN_PORT = 8081;
  private static final int DEFAULT_GRPC_PORT = 9090;
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
    OptionalInt grpc =
        isOff(source, Variable.GRPC_PORT)
            ? OptionalInt.empty()
            : OptionalInt.of(port(source, Variable.GRPC_PORT).orElse(DEFAULT_GRPC_PORT));
    Optional<RespSettings> resp =
        isOff(source, Variable.RESP_PORT) || source.value(Variable.RESP_PORT).isEmpty()
            ? RespSettings.off(source)
            : port(source, Variable.RESP_PORT).map(port -> RespSettings.read(source, port));
    requireApart(source, http, "checks", admin, "health", "TOLLGATE_HTTP_PORT and TOLLGATE_ADMIN");
    int ofGrpc = grpc.orElse(0);
    requireApart(source, http, "checks", ofGrpc, "gRPC", "TOLLGATE_HTTP_PORT and TOLLGATE_GRPC");
    requireApart(source, admin, "health", ofGrpc, "gRPC", "TOLLGATE_ADMIN_PORT and TOLLGATE_GRPC");
    int ofResp = resp.map(RespSettings::port).orElse(0);
    requireApart(source, http, "checks", ofResp, "RESP", "TOLLGATE_HTTP_PORT and TOLLGATE_RESP");
    requireApart(source, admin, "health", ofResp, "RESP", "TOLLGATE_ADMIN_PORT and TOLLGATE_RESP");
    requireApart(source, ofGrpc, "gRPC", ofResp, "RESP", "TOLLGATE_GRPC_PORT and TOLLGATE_RESP");
    int connections =
        source
            .value(Variable.MAX_CONNECTIONS)
            .flatMap(s -> s.wholeNumber(1, MOST_CONNECTIONS))
            .map(Math::toIntExact)
            .orElse(DEFAULT_CONNECTIONS);
    return new ListenSettings(
        address(source), http, admin, grpc, resp, connections, ProxyBlocks.read(source));
  }

  private static void requireApart(
      Source source, int one, String what, int other, String otherwise, String names) {
    if (one == other && one != 0) {
      source.problem(
          "port "
              + one
              + " is wanted for "
              + what
              + " and for "
              + otherwise
              + "; set "
              + names
              + "_PORT apart");
    }
  }

  private static boolean isOff(Source source, Variable variable) {
    return source.value(variable).filter(s -> s.text().equals("off")).isPresent();
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
