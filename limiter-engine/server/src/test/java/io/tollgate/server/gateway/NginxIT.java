package io.tollgate.server.gateway;

import java.nio.file.Path;
import java.util.List;

/** Debian's nginx before the real server. */
class NginxIT extends AskingGateway {

  @Override
  String name() {
    return "nginx";
  }

  @Override
  EnvoyFile file(int port, int tollgate, int application) {
    return EnvoyFile.of("integrations/nginx/nginx.conf")
        .with("listen 127.0.0.1:10000", "listen 127.0.0.1:" + port)
        .with("server 127.0.0.1:8080", "server 127.0.0.1:" + tollgate)
        .with("server 127.0.0.1:8000", "server 127.0.0.1:" + application)
        // Debian's places belong to root.
        .with(
            "http {",
            """
            http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
            """);
  }

  @Override
  EnvoyFile patient(EnvoyFile file) {
    return new EnvoyFile(file.text().replace("_timeout 100ms", "_timeout 10s"));
  }

  @Override
  EnvoyFile closed(EnvoyFile file) {
    return file.with("error_page 502 504 = @open;", "error_page 502 504 = @closed;");
  }

  @Override
  EnvoyFile withToken(EnvoyFile file, String token) {
    return file.with(
        "# proxy_set_header X-Tollgate-Token change-me;",
        "proxy_set_header X-Tollgate-Token " + token + ";");
  }

  @Override
  List<String> command(Path file) {
    return nginx(file);
  }

  /** Runs a file, in its folder. */
  static List<String> nginx(Path file) {
    Path work = file.resolveSibling("");
    return List.of(
        "/usr/sbin/nginx",
        "-p",
        work.toString(),
        "-c",
        file.toString(),
        "-e",
        "stderr",
        "-g",
        "daemon off; pid " + file.resolveSibling("pid") + ";");
  }
}
