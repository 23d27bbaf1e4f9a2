package io.tollgate.server.gateway;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's HAProxy before the real server. */
class HaproxyIT extends AskingGateway {

  private static final EnvoyFile SHIPPED = EnvoyFile.of("integrations/haproxy/tollgate.lua");

  private EnvoyFile action = SHIPPED;

  @Override
  String name() {
    return "haproxy";
  }

  @Override
  EnvoyFile file(int port, int tollgate, int application) {
    return EnvoyFile.of("integrations/haproxy/haproxy.cfg")
        .with("bind 127.0.0.1:10000", "bind 127.0.0.1:" + port)
        .with("lua.tollgate 127.0.0.1 8080", "lua.tollgate 127.0.0.1 " + tollgate)
        .with("server one 127.0.0.1:8000", "server one 127.0.0.1:" + application);
  }

  @Override
  EnvoyFile patient(EnvoyFile file) {
    action = SHIPPED.with("LIMIT_SECONDS = 0.2", "LIMIT_SECONDS = 10").with("= 400", "= 20000");
    return file;
  }

  @Override
  EnvoyFile closed(EnvoyFile file) {
    return file.with("# http-request deny", "http-request deny");
  }

  @Override
  EnvoyFile withToken(EnvoyFile file, String token) {
    return file.with("global\n", "global\n    setenv TOLLGATE_TOKEN " + token + "\n");
  }

  @Override
  List<String> command(Path file) throws Exception {
    Files.writeString(file.resolveSibling("tollgate.lua"), action.text());
    return List.of("/usr/sbin/haproxy", "-f", file.toString(), "-db");
  }
}
