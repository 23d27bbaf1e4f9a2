package io.tollgate.server.doctor;

import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.RespSettings;
import io.tollgate.server.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.OptionalInt;

/** Whether the doors can open, or are open already. */
final class PortCheck {

  private PortCheck() {}

  static List<Finding> of(Settings settings) {
    ListenSettings listen = settings.listen();
    return List.of(
        of(settings, listen.httpPort(), "port of checks", "TOLLGATE_HTTP_PORT"),
        of(settings, listen.adminPort(), "admin port", "TOLLGATE_ADMIN_PORT"),
        ofGrpc(settings),
        ofResp(settings));
  }

  private static Finding ofGrpc(Settings settings) {
    return unasked(settings, settings.listen().grpcPort(), "gRPC port", "TOLLGATE_GRPC_PORT");
  }

  private static Finding ofResp(Settings settings) {
    OptionalInt port = settings.listen().resp().stream().mapToInt(RespSettings::port).findFirst();
    return unasked(settings, port, "RESP port", "TOLLGATE_RESP_PORT");
  }

  /** Beside a Tollgate that runs it is that one's: asking it would need its protocol. */
  private static Finding unasked(
      Settings settings, OptionalInt wanted, String check, String variable) {
    ListenSettings listen = settings.listen();
    int port = wanted.orElse(0);
    if (port == 0) {
      return Finding.ok(check, wanted.isEmpty() ? "off" : "a free one");
    }
    InetAddress bind = listen.address();
    String place = bind.getHostAddress() + " port " + port;
    InetAddress near = bind.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bind;
    Probe beside = new Probe(near, listen.httpPort(), settings.tls(), Probe.PATIENCE_MILLIS);
    return listen.httpPort() != 0 && beside.look() == Probe.Answer.TOLLGATE
        ? Finding.ok(check, place + " belongs to the Tollgate that runs")
        : free(bind, port, check, place, variable);
  }

  private static Finding of(Settings settings, int port, String check, String variable) {
    InetAddress bind = settings.listen().address();
    if (port == 0) {
      return Finding.ok(check, "a free one");
    }
    String place = bind.getHostAddress() + " port " + port;
    InetAddress near = bind.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bind;
    return switch (new Probe(near, port, settings.tls(), Probe.PATIENCE_MILLIS).look()) {
      case TOLLGATE -> Finding.ok(check, "a Tollgate runs on " + place);
      case ANOTHER ->
          Finding.wrong(
              check,
              "something else answers on " + place,
              "stop it, or set " + variable + " to another port");
      case NOBODY -> free(bind, port, check, place, variable);
    };
  }

  /** Opens the port for a moment, as the only way to know whether this user may. */
  private static Finding free(
      InetAddress bind, int port, String check, String place, String variable) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(bind, port), 1);
      return Finding.ok(check, place + " is free");
    } catch (IOException e) {
      return Finding.wrong(
          check,
          "cannot listen on " + place + ": " + e.getMessage(),
          "set " + variable + " or TOLLGATE_BIND");
    }
  }
}
