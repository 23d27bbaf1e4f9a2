package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tollgate.server.gateway.Visitor.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The real Traefik before the real server. A field of its files that it does not know shows too: it
 * then has no routes, or does not start.
 */
class TraefikIT extends AskingGateway {

  /** It reads its file in less than a second. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int NO_ROUTE = 404;

  private EnvoyFile entryPoints = new EnvoyFile("");

  @Override
  String name() {
    return "traefik";
  }

  @Override
  EnvoyFile file(int port, int tollgate, int application) throws Exception {
    String itself = "127.0.0.1:" + GatewayProcess.freePort();
    entryPoints =
        EnvoyFile.of("integrations/traefik/traefik.yaml")
            .with("address: 127.0.0.1:10000", "address: 127.0.0.1:" + port)
            .with("address: 127.0.0.1:10001", "address: " + itself);
    return EnvoyFile.of("integrations/traefik/dynamic.yaml")
        .with("http://127.0.0.1:10001", "http://" + itself)
        .with("http://127.0.0.1:8000", "http://127.0.0.1:" + application)
        .with("http://127.0.0.1:8080", "http://127.0.0.1:" + tollgate);
  }

  @Override
  EnvoyFile patient(EnvoyFile file) {
    return new EnvoyFile(file.text().replace("Timeout: 100ms", "Timeout: 10s"));
  }

  @Override
  EnvoyFile closed(EnvoyFile file) {
    return file.with("{\"502\": 200, \"504\": 200}", "{\"502\": 503, \"504\": 503}");
  }

  @Override
  EnvoyFile withToken(EnvoyFile file, String token) {
    return file.with("      middlewares: [away]\n", "")
        .with("# middlewares: [away, token]", "middlewares: [away, token]")
        .with("# token: {", "token: {")
        .with("change-me", token);
  }

  @Override
  List<String> command(Path file) throws Exception {
    @Nullable String traefik = System.getProperty("tollgate.traefik");
    if (traefik == null) {
      throw new IllegalStateException(
          "where is Traefik? make test fetches one, or: -Dtollgate.traefik=$(tools/traefik.sh)");
    }
    Path dynamic = Files.copy(file, file.resolveSibling("dynamic.yaml"));
    Path entries = Files.writeString(dynamic.resolveSibling("traefik.yaml"), entryPoints.text());
    return List.of(traefik, "--configfile=" + entries);
  }

  /**
   * Its ports are open before it has read its routes. The question is one that Tollgate refuses.
   */
  @Override
  void awaitRoutes(int port) throws Exception {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Answer last;
    try (Visitor visitor = Visitor.stranger()) {
      do {
        last = visitor.get(port, "/", "X-API-Key", "one", "X-API-Key", "two");
      } while (last.status() == NO_ROUTE && System.nanoTime() < end);
    }
    assertNotEquals(NO_ROUTE, last.status(), last::toString);
  }

  /** Of a request that passes it tells the application, not the client; that one repeats it. */
  @Override
  String state(Answer answer) {
    return answer.header(answer.status() == 200 ? Application.TOLD : "ratelimit");
  }
}
