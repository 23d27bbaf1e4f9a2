package io.tollgate.server.gateway;

import java.nio.file.Path;
import java.util.List;

/** Debian's Caddy before the real server. */
class CaddyIT extends AskingGateway {

  @Override
  String name() {
    return "caddy";
  }

  @Override
  EnvoyFile file(int port, int tollgate, int application) {
    String proxied = "reverse_proxy 127.0.0.1:8000";
    EnvoyFile file =
        EnvoyFile.of("integrations/caddy/Caddyfile")
            .with("http://:10000", "http://:" + port)
            .with("reverse_proxy 127.0.0.1:8080", "reverse_proxy 127.0.0.1:" + tollgate);
    return new EnvoyFile(file.text().replace(proxied, "reverse_proxy 127.0.0.1:" + application));
  }

  @Override
  EnvoyFile patient(EnvoyFile file) {
    return new EnvoyFile(file.text().replace("_timeout 100ms", "_timeout 10s"));
  }

  @Override
  EnvoyFile closed(EnvoyFile file) {
    return new EnvoyFile(
        file.with("# respond 503", "respond 503")
            .text()
            .replaceFirst("(@unanswered \\{\\s+)reverse_proxy \\S+", "$1"));
  }

  @Override
  EnvoyFile withToken(EnvoyFile file, String token) {
    return file.with("header_up -X-Tollgate-Token\n", "\n")
        .with("# header_up X-Tollgate-Token change-me", "header_up X-Tollgate-Token " + token);
  }

  @Override
  List<String> command(Path file) {
    return List.of("caddy", "run", "--config", file.toString(), "--adapter", "caddyfile");
  }
}
