package io.tollgate.server.doors;

import io.tollgate.server.doors.Step.Asked;
import io.tollgate.server.openapi.Tree;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;

/** {@code GET /v1/authz}, asked by a gateway that is trusted to say who its client is. */
final class AuthzWay implements AutoCloseable {

  private final String uri;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  AuthzWay(OneServer server) {
    uri = "http://127.0.0.1:" + server.http.httpPort() + "/v1/authz?namespace=";
  }

  /** Asks and waits; empty when the namespace is unknown. */
  Optional<Heads> ask(Asked asked) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(uri + asked.namespace()))
                .header("X-Forwarded-For", asked.address())
                .header("X-Tollgate-Cost", Long.toString(asked.cost()))
                .build(),
            BodyHandlers.ofString());
    return switch (answer.statusCode()) {
      case 404 -> Optional.empty();
      case 200 -> Optional.of(Heads.of(true, answer.headers(), Tree.of(answer.body()), ""));
      case 429 -> {
        Tree body = Tree.json(answer.body());
        yield Optional.of(Heads.of(false, answer.headers(), body, body.at("limit").value()));
      }
      default -> throw new AssertionError(answer + " " + answer.body());
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
