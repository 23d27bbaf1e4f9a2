package io.tollgate.server.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Random;

/** Valid requests of every kind, as bytes in Latin-1. */
public final class Requests {

  private static final List<String> PATHS =
      List.of("/v1/check", "/v1/check:explain", "/v1/reservations", "/v1/leases", "/v1/reset");

  private Requests() {}

  /** A check of an identifier; a cost of 0 only looks. */
  public static String check(String id, String identifier, long cost) {
    String json = json(identifier, ",\"cost\":" + cost);
    return post("/v1/check", id, "Content-Length: " + json.length(), json);
  }

  /** A check that is the last of its connection. */
  public static String lastCheck(String id, String identifier, long cost) {
    String json = json(identifier, ",\"cost\":" + cost);
    String fields = "Connection: close\r\nContent-Length: " + json.length();
    return post("/v1/check", id, fields, json);
  }

  private static String json(String identifier, String more) {
    return "{\"identifier\":\"" + identifier + "\",\"namespace\":\"api_requests\"" + more + "}";
  }

  private static String post(String path, String id, String fields, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: "
        + id
        + "\r\n"
        + fields
        + "\r\n\r\n"
        + body;
  }

  /** Any request but one that ends its connection. */
  static String any(Random random, String id) {
    String identifier = "fuzz" + random.nextInt(50);
    return switch (random.nextInt(12)) {
      case 0 -> get("GET", "/health", id);
      case 1 -> get("HEAD", "/health/ready", id);
      case 2 -> get("OPTIONS", random.nextBoolean() ? "*" : "/v1/check", id);
      case 3 ->
          "GET /health HTTP/1.0\r\nConnection: keep-alive\r\nX-Request-Id: " + id + "\r\n\r\n";
      case 4 -> batch(id, identifier, 1 + random.nextInt(5));
      case 5, 6 -> chunked(random, id, identifier);
      case 7 -> expecting(id, identifier);
      case 8 -> post("http://localhost/v1/check?a=b", id, length(UNICODE), UNICODE);
      case 9 -> settle(random, id);
      default -> {
        String json = json(identifier, ",\"cost\":1,\"x\":[1.5e3,{\"y\":null}]");
        String path = PATHS.get(random.nextInt(PATHS.size()));
        yield post(path, id, length(json) + "\r\nPrefer: status=decision", json);
      }
    };
  }

  private static final String UNICODE =
      new String(json("é\uD83D\uDE00", "").getBytes(UTF_8), ISO_8859_1);

  private static String length(String body) {
    return "Content-Length: " + body.length();
  }

  private static String get(String method, String target, String id) {
    return method
        + " "
        + target
        + " HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: "
        + id
        + "\r\nAccept: */*\r\n\r\n";
  }

  private static String batch(String id, String identifier, int checks) {
    String one = json(identifier, "");
    String json = "{\"mode\":\"all\",\"checks\":[" + (one + ",").repeat(checks - 1) + one + "]}";
    return post("/v1/check:batch", id, length(json), json);
  }

  private static String chunked(Random random, String id, String identifier) {
    String json = json(identifier, "");
    StringBuilder body = new StringBuilder();
    for (int from = 0; from < json.length(); ) {
      int to = Math.min(json.length(), from + 1 + random.nextInt(40));
      String extension = random.nextInt(4) == 0 ? ";a=\"b\"" : "";
      body.append(Integer.toHexString(to - from)).append(extension).append("\r\n");
      body.append(json, from, to).append("\r\n");
      from = to;
    }
    body.append("0\r\n").append(random.nextInt(3) == 0 ? "Trailer-Of: t\r\n" : "").append("\r\n");
    return post("/v1/check", id, "Transfer-Encoding: chunked", body.toString());
  }

  private static String expecting(String id, String identifier) {
    String json = json(identifier, "");
    return post("/v1/check", id, "Expect: 100-continue\r\n" + length(json), json);
  }

  private static String settle(Random random, String id) {
    String json = "{\"actual\":1}";
    String verb = random.nextBoolean() ? ":commit" : ":cancel";
    return post("/v1/reservations/res_" + "0".repeat(26) + verb, id, length(json), json);
  }
}
