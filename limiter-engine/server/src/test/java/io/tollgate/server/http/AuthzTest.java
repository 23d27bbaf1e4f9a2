package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.limit.StoreFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway is answered. */
class AuthzTest extends AuthzFixture {
  @Test
  void anAllowIsEmptyAndADenialSaysHowLongToWait() throws IOException {
    Answer first = get(ASK, "X-Forwarded-For: 203.0.113.9");
    assertEquals(200, first.status());
    assertEquals("", first.body());
    assertEquals("absent", first.header("Content-Type"));
    assertEquals("0", first.header("Content-Length"));
    assertEquals("\"per-minute\";r=1;t=60", first.header("RateLimit"));
    assertEquals("1", first.header("X-RateLimit-Remaining"));
    assertEquals("absent", first.header("X-Tollgate-Code"));
    get(ASK, "X-Forwarded-For: 203.0.113.9");
    Answer denied = get(ASK, "X-Forwarded-For: 203.0.113.9");
    assertEquals(429, denied.status());
    assertEquals("60", denied.header("Retry-After"));
    assertEquals("\"per-minute\";r=0;t=60", denied.header("RateLimit"));
    assertEquals("\"per-minute\";q=2;w=60", denied.header("RateLimit-Policy"));
    assertEquals("RATE_LIMITED", denied.header("X-Tollgate-Code"));
    assertEquals("RATE_LIMITED", denied.code());
    assertEquals("429", denied.text("status"));
    assertEquals("absent", denied.header("Vary"));
    assertEquals(200, get(ASK, "X-Forwarded-For: 203.0.113.10").status());
  }

  @Test
  void inTheDialectOfNginxADenialIsForbiddenAndStillSaysEverything() throws IOException {
    String ask = ASK + "&deny=403";
    get(ask, "X-API-Key: k");
    assertEquals(200, get(ask, "X-API-Key: k").status());
    Answer denied = get(ask, "X-API-Key: k");
    assertEquals(403, denied.status());
    assertEquals("403", denied.text("status"));
    assertEquals("60", denied.header("Retry-After"));
    assertEquals("\"per-minute\";r=0;t=60", denied.header("RateLimit"));
    assertEquals("RATE_LIMITED", denied.header("X-Tollgate-Code"));
  }

  @ParameterizedTest
  @CsvSource({
    "namespace=nowhere&deny=403, 403, NAMESPACE_NOT_FOUND",
    "namespace=nowhere, 404, NAMESPACE_NOT_FOUND",
    "namespace=nowhere&deny=429, 404, NAMESPACE_NOT_FOUND",
    "namespace=*&deny=403, 403, INVALID_FIELD",
    "deny=403, 403, MISSING_FIELD",
    "'', 400, MISSING_FIELD",
    "namespace=, 400, INVALID_FIELD",
    "namespace=a%2, 400, INVALID_FIELD",
    "namespace=edge&namespace=edge, 400, INVALID_FIELD",
    "namespace=edge&deny=403&deny=403, 403, INVALID_FIELD",
    "namespace=edge&deny=404, 400, INVALID_FIELD",
    "namespace=edge&cost=0, 400, INVALID_FIELD",
    "namespace=edge&, 400, INVALID_FIELD",
    "namespace=keys, 401, NO_IDENTITY",
    "namespace=keys&deny=403, 401, NO_IDENTITY",
  })
  void aRefusalHasTheStatusThatTheGatewayUnderstands(String query, int status, String code)
      throws IOException {
    Answer refused = get("/v1/authz?" + query);
    assertEquals(status, refused.status(), refused::body);
    assertEquals(code, refused.code());
    assertEquals(code, refused.header("X-Tollgate-Code"));
    assertEquals(String.valueOf(status), refused.text("status"));
    assertEquals("absent", refused.header("RateLimit"));
    assertEquals("absent", refused.header("Retry-After"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "PROPFIND",
        "HEAD",
        "MY-METHOD",
      })
  void everyMethodDecides(String method) throws IOException {
    boolean body = !method.equals("HEAD");
    for (int status : new int[] {200, 200, 429}) {
      Answer answer = client.send(Client.request(method, ASK, "x".repeat(9_000))).read(body);
      assertEquals(status, answer.status());
    }
    assertEquals(0, door.remaining("edge", "addr:127.0.0.1"));
  }

  @Test
  void aBodyIsThrownAwayButBounded() throws IOException {
    String[] encoded = {"Content-Encoding: gzip", "Expect: the-unexpected"};
    assertEquals(
        200, client.send(Client.request("POST", ASK, "x".repeat(65_536), encoded)).read().status());
    try (Client other = door.client()) {
      other.send(Client.request("POST", ASK + "&deny=403", "x".repeat(65_537)));
      Answer refused = other.read();
      assertEquals(403, refused.status());
      assertEquals("BODY_TOO_LARGE", refused.header("X-Tollgate-Code"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X-Original-Method: POST, X-Original-URI: /exports/1?x=/y",
    "X-Forwarded-Method: POST, X-Forwarded-Uri: /exports",
    "X-Forwarded-Method: POST, X-Forwarded-Uri: https://example.org/exports#a",
    "X-Original-Method: POST, X-Original-URI: /%65xports",
    "X-Original-Method: POST, X-Original-URI: //./a/..//exports",
    "X-Original-Method: POST, X-Forwarded-Uri: /exports/ä%C3%A4",
  })
  void theEndpointIsWhatTheGatewaySaysInOneSpelling(String method, String uri) throws IOException {
    assertEquals(200, get("/v1/authz?namespace=wide", method, uri).status());
    Answer denied = get("/v1/authz?namespace=wide", method, uri);
    assertEquals(429, denied.status(), denied::body);
    assertTrue(denied.body().contains("the limit exports is used up"), denied::body);
  }

  @Test
  void otherEndpointsHaveNoPartInTheirLimits() throws IOException {
    String[][] others = {
      {"X-Original-Method: GET", "X-Original-URI: /exports"},
      {"X-Original-Method: POST", "X-Original-URI: /imports?/exports"},
      {"X-Original-Method: POST", "X-Original-URI: /%2Fexports"},
      {"X-Original-URI: /exports"},
      {"X-Original-Method: POST"},
    };
    for (String[] other : others) {
      assertEquals(200, get("/v1/authz?namespace=wide", other).status());
      assertFalse(get("/v1/authz?namespace=wide", other).header("RateLimit").contains("exports"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "X-Original-URI: /a | X-Forwarded-Uri: /b, X-Original-URI",
    "X-Original-Method: POST | X-Forwarded-Method: GET | X-Original-URI: /a, X-Original-Method",
    "X-Original-Method: A B | X-Original-URI: /a, X-Original-Method",
    "X-Forwarded-Method: GET/ | X-Original-URI: /a, X-Forwarded-Method",
    "X-Original-URI: /%00, X-Original-URI",
    "X-Forwarded-Uri: /%00, X-Forwarded-Uri",
  })
  void anEndpointThatNobodyCanReadIsRefusedByHeader(String headers, String wrong)
      throws IOException {
    Answer refused = get("/v1/authz?namespace=wide", headers.split(" \\| "));
    assertEquals(400, refused.status(), refused::body);
    assertEquals(List.of(wrong), refused.pointers());
  }

  @Test
  void anAbsurdUriIsRefusedWhereEndpointsCountAndHarmsNobody() throws IOException {
    Answer refused = get(ASK, "X-Original-URI: /" + "a".repeat(7_000));
    assertEquals(400, refused.status());
    assertEquals(List.of("X-Original-URI"), refused.pointers());
    assertEquals(200, get(ASK, "X-Original-URI: /a?" + "a".repeat(7_000)).status());
    try (Client other = door.client()) {
      other.send("GET " + ASK + " HTTP/1.1\r\nHost: localhost\r\nX-Original-URI: /");
      Answer large = other.send("a".repeat(20_000) + "\r\n\r\n").read();
      assertEquals(431, large.status());
    }
    assertEquals(200, get(ASK).status());
  }

  @Test
  void theTokenOfAGatewayHasAHeaderOfItsOwn() throws IOException {
    try (TestDoor guarded = open(LOOPBACK, Optional.of("gateway-token"));
        Client asking = guarded.client()) {
      String right = "X-Tollgate-Token: gateway-token";
      String[][] wrong = {
        {},
        {"Authorization: Bearer gateway-token"},
        {"X-Tollgate-Token: other"},
        {"X-Tollgate-Token: Bearer gateway-token"},
        {right, right},
        {right, "X-Tollgate-Token: other"},
      };
      for (String[] headers : wrong) {
        Answer refused = asking.send(Client.request("GET", ASK, "", headers)).read();
        assertEquals(401, refused.status());
        assertEquals("UNAUTHORIZED", refused.code());
        assertEquals("Bearer", refused.header("WWW-Authenticate"));
        refused = asking.send(Client.request("GET", ASK + "&deny=403", "", headers)).read();
        assertEquals(403, refused.status());
        assertEquals("UNAUTHORIZED", refused.header("X-Tollgate-Code"));
      }
      String[] both = {right, "Authorization: Bearer of-the-client", "Origin: https://a.example"};
      assertEquals(200, asking.send(Client.request("GET", ASK, "", both)).read().status());
      assertEquals(2, guarded.remaining("edge", "addr:127.0.0.1"));
    }
  }

  @Test
  void withoutATokenAPageOfABrowserIsRefused() throws IOException {
    Answer refused = get(ASK + "&deny=403", "Origin: https://a.example");
    assertEquals(403, refused.status());
    assertEquals("FOREIGN_ORIGIN", refused.header("X-Tollgate-Code"));
  }

  @Test
  void theAdminPortHasNoSuchCall() throws IOException {
    try (Client admin = door.admin()) {
      assertEquals(404, admin.send(Client.request("GET", ASK, "")).read().status());
    }
  }

  @Test
  void itIsCountedAsACheckOfItsRoute() throws IOException {
    get(ASK);
    get(ASK);
    get(ASK);
    get("/v1/authz?namespace=nowhere");
    try (Client admin = door.admin()) {
      String metrics = admin.send(Client.request("GET", "/metrics", "")).read().body();
      for (String line :
          List.of(
              "tollgate_checks_total{algorithm=\"fixed_window\",decision=\"rate_limited\","
                  + "namespace=\"edge\",verb=\"check\"} 1.0",
              "tollgate_http_requests_total{code=\"none\",route=\"/v1/authz\",status=\"200\"} 2.0",
              "tollgate_http_requests_total{code=\"rate_limited\",route=\"/v1/authz\","
                  + "status=\"429\"} 1.0",
              "tollgate_http_requests_total{code=\"namespace_not_found\",route=\"/v1/authz\","
                  + "status=\"404\"} 1.0")) {
        assertTrue(metrics.contains(line), () -> line + " is not in " + metrics);
      }
    }
  }

  @Test
  void overHttp2ItIsTheSame() throws IOException {
    try (H2Client h2 = H2Client.to(door.door.httpPort())) {
      String[] headers = {"x-forwarded-for", "203.0.113.9"};
      for (int status : new int[] {200, 200, 403}) {
        assertEquals(status, h2.get(ASK + "&deny=403", headers).status());
      }
      assertEquals(0, door.remaining("edge", "addr:203.0.113.9"));
      String[] twice = {"x-api-key", "a", "x-api-key", "a"};
      assertEquals(400, h2.get(ASK, twice).status());
    }
  }

  @Test
  void whatNobodyCanDecideIsNoDenialOfALimit() throws IOException {
    NamespaceSpec closed =
        new NamespaceSpec(
            "edge",
            StoreFailure.CLOSED,
            Headers.DRAFT,
            List.of(TestDoor.perMinute(2)),
            List.of(),
            List.of());
    try (RedisDoor away = new RedisDoor(RedisDoor.NOWHERE, closed);
        Client asking = new Client(away.door.httpPort())) {
      for (String dialect : List.of("", "&deny=403")) {
        Answer denied = asking.send(Client.request("GET", ASK + dialect, "")).read();
        assertEquals(dialect.isEmpty() ? 503 : 403, denied.status());
        assertEquals("STORE_UNAVAILABLE", denied.header("X-Tollgate-Code"));
        assertEquals("1", denied.header("Retry-After"));
      }
    }
  }
}
