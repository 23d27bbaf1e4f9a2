package io.tollgate.server.doctor;

import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** Whether the doors can open, or are open already. */
final class PortCheck {

  private PortCheck() {}

  static List<Finding> of(Settings settings) {
    ListenSettings listen = settings.listen();
    return List.of(
        of(settings, listen.httpPort(), "port of checks", "TOLLGATE_HTTP_PORT"),
        of(settings, listen.adminPort(), "admin port", "TOLLGATE_ADMIN_PORT"),
        ofGrpc(settings));
  }

  /** Beside a Tollgate that runs it is that one's: asking it would need gRPC. */
  private static Finding ofGrpc(Settings settings) {
    String check = "gRPC port";
    ListenSettings listen = settings.listen();
    int port = listen.grpcPort().orElse(0);
    if (listen.grpcPort().isEmpty() || port == 0) {
      return Finding.ok(check, listen.grpcPort().isEmpty() ? "off" : "a free one");
    }
    InetAddress bind = listen.address();
    String place = bind.getHostAddress() + " port " + port;
    InetAddress near = bind.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bind;
    Probe beside = new Probe(near, listen.httpPort(), settings.tls(), Probe.PATIENCE_MILLIS);
    return listen.httpPort() != 0 && beside.look() == Probe.Answer.TOLLGATE
        ? Finding.ok(check, place + " belongs to the Tollgate that runs")
        : free(bind, port, check, place, "TOLLGATE_GRPC_PORT");
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
