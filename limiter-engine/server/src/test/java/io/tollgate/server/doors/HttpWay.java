package io.tollgate.server.doors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.server.doors.Step.Asked;
import io.tollgate.server.openapi.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code POST /v1/check}. */
final class HttpWay implements Door {

  private final URI uri;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  HttpWay(OneServer server) {
    uri = URI.create("http://127.0.0.1:" + server.http.httpPort() + "/v1/check");
  }

  private Optional<HttpResponse<String>> send(Asked asked, String identifier)
      throws IOException, InterruptedException {
    String body =
        "{\"identifier\":\"%s\",\"namespace\":\"%s\",\"cost\":%d}"
            .formatted(identifier, asked.namespace(), asked.cost());
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(),
            BodyHandlers.ofString());
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    assertEquals(200, answer.statusCode(), answer.body());
    return Optional.of(answer);
  }

  /** What its headers say of a gateway's client; empty when the namespace is unknown. */
  Optional<Heads> heads(Asked asked) throws IOException, InterruptedException {
    return send(asked, "addr:" + asked.address())
        .map(answer -> {
          Tree decision = Tree.json(answer.body());
          boolean allowed = Boolean.TRUE.equals(decision.at("allowed").value());
          Object limit = binding(decision).map(of -> of.at("limit").value()).orElse("");
          return Heads.of(allowed, answer.headers(), decision, limit);
        });
  }

  @Override
  public Optional<Told> ask(Asked asked) throws IOException, InterruptedException {
    return send(asked, asked.identifier()).map(HttpWay::told);
  }

  private static Told told(HttpResponse<String> answer) {
    Tree decision = Tree.json(answer.body());
    boolean allowed = Boolean.TRUE.equals(decision.at("allowed").value());
    OptionalLong wait =
        answer.headers().firstValue("Retry-After").stream().mapToLong(Long::parseLong).findFirst();
    requireSameWait(decision, wait);
    return binding(decision)
        .map(limit ->
            new Told(
                allowed,
                String.valueOf(limit.at("name").value()),
                number(limit, "limit"),
                number(limit, "remaining"),
                micros(String.valueOf(limit.at("reset_at").value())),
                wait))
        .orElse(new Told(allowed, "", 0, 0, 0, wait));
  }

  private static Optional<Tree> binding(Tree decision) {
    List<?> limits = (List<?>) decision.at("limits").value();
    for (Object one : limits == null ? List.of() : limits) {
      Tree limit = Tree.of(one);
      if (Boolean.TRUE.equals(limit.at("binding").value())) {
        return Optional.of(limit);
      }
    }
    return Optional.empty();
  }

  /** The header is the body's wait, rounded up. */
  private static void requireSameWait(Tree decision, OptionalLong seconds) {
    Object millis = decision.at("retry_after_ms").value();
    OptionalLong said =
        millis == null
            ? OptionalLong.empty()
            : OptionalLong.of(
                new BigDecimal(millis.toString())
                    .movePointLeft(3)
                    .setScale(0, RoundingMode.CEILING)
                    .longValueExact());
    assertEquals(said, seconds);
  }

  private static long number(Tree of, String field) {
    return new BigDecimal(String.valueOf(of.at(field).value())).longValueExact();
  }

  private static long micros(String text) {
    Instant instant = Instant.parse(text);
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
