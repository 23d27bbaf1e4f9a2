package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.gateway.Visitor.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Kong's plugin before the real server, in Debian's nginx with Lua: what it uses of Kong stands in
 * {@code integrations/kong/spec/shim}. Kong itself is not run.
 */
class KongIT extends AskingGateway {

  private static final String FOLDER = "integrations/kong";

  private EnvoyFile server = new EnvoyFile("");

  @Override
  String name() {
    return "kong";
  }

  @Override
  EnvoyFile file(int port, int tollgate, int application) {
    server =
        EnvoyFile.of(FOLDER + "/spec/nginx.conf")
            .with("listen 127.0.0.1:10000", "listen 127.0.0.1:" + port)
            .with("http://127.0.0.1:8000", "http://127.0.0.1:" + application);
    server = new EnvoyFile(server.text().replace("PLUGIN", EnvoyFile.path(FOLDER).toString()));
    return EnvoyFile.of(FOLDER + "/kong.yml")
        .with("url: http://127.0.0.1:8080", "url: http://127.0.0.1:" + tollgate);
  }

  @Override
  EnvoyFile patient(EnvoyFile file) {
    return file.with("timeout_ms: 100", "timeout_ms: 10000");
  }

  @Override
  EnvoyFile closed(EnvoyFile file) {
    return file.with("on_failure: open", "on_failure: closed");
  }

  @Override
  EnvoyFile withToken(EnvoyFile file, String token) {
    return file.with("# token: change-me", "token: " + token);
  }

  @Override
  List<String> command(Path file) throws Exception {
    Path kong = Files.copy(file, file.resolveSibling("kong.yml"));
    Path conf = Files.writeString(kong.resolveSibling("nginx.conf"), server.text());
    return NginxIT.nginx(conf);
  }

  @Test
  void aRequestThatCannotBeLimitedIsRefusedAsTollgateSays() throws Exception {
    EnvoyFile file = patient(file()).with("on_failure:", "endpoints: true\n      on_failure:");
    try (GatewayProcess _ = run(file);
        Visitor visitor = Visitor.stranger()) {
      assertEquals(200, visitor.get(port(), "/orders/caf%C3%A9").status());
      Answer noText = visitor.get(port(), "/orders/%FF");
      assertEquals(400, noText.status(), noText::toString);
      assertEquals("application/problem+json", noText.header("content-type"));
    }
  }

  @Test
  void whatIsHiddenIsHiddenButTheWait() throws Exception {
    EnvoyFile file = patient(file()).with("on_failure:", "hide_headers: true\n      on_failure:");
    try (GatewayProcess _ = run(file);
        Visitor visitor = Visitor.stranger()) {
      Answer last = visitor.get(port(), "/");
      while (last.status() == 200) {
        assertEquals("", last.header("ratelimit"), last::toString);
        last = visitor.get(port(), "/");
      }
      assertEquals(429, last.status(), last::toString);
      assertEquals("", last.header("ratelimit"), last::toString);
      assertEquals("", last.header("ratelimit-policy"), last::toString);
      assertTrue(last.header("retry-after").matches("[0-9]+"), last::toString);
      assertTrue(last.response().body().contains("\"code\":\"RATE_LIMITED\""), last::toString);
    }
  }
}
