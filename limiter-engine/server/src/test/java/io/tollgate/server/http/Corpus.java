package io.tollgate.server.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Requests that are wrong, each in one way.
 *
 * @param name says in which
 * @param request everything that is sent before the client's half of the connection ends, as
 *     Latin-1
 * @param statuses one of which is answered, once; 0 for none, but the end
 */
record Corpus(String name, String request, List<Integer> statuses) {

  private static final String CHECK =
      "{\"identifier\":\"u\",\"namespace\":\"api_requests\",\"cost\":0}";

  private static Corpus of(String name, String request, Integer... statuses) {
    return new Corpus(name, request, List.of(statuses));
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static String post(String body, String... headers) {
    List<String> lines = new ArrayList<>(List.of("POST /v1/check HTTP/1.1", "Host: localhost"));
    lines.addAll(List.of(headers));
    return head(lines.toArray(String[]::new)) + body;
  }

  private static Corpus of(String name, byte[] request, Integer... statuses) {
    return of(name, new String(request, StandardCharsets.ISO_8859_1), statuses);
  }

  byte[] bytes() {
    return request.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Whether an answer is one of those that this deserves. */
  boolean permits(int status) {
    return statuses.contains(status);
  }

  @Override
  public String toString() {
    return name;
  }

  /**
   * All of them.
   *
   * @param token what the server asks for
   */
  static List<Corpus> all(String token) {
    List<Corpus> all = new ArrayList<>();
    lengths(all);
    codings(all);
    lines(all);
    heads(all);
    targets(all);
    tokens(all, token);
    bodies(all, "Authorization: Bearer " + token);
    strangers(all);
    return all;
  }

  private static void lengths(List<Corpus> all) {
    for (String length : List.of("-1", "+5", "0x5", "5.0", "1e3", "5, 6", "5 6", "", "five")) {
      all.add(of("length " + length, post(CHECK, "Content-Length: " + length), 400));
    }
    all.add(of("a length beyond numbers", post("", "Content-Length: " + "9".repeat(30)), 400));
    all.add(of("a length beyond the bound", post("", "Content-Length: 999999999"), 401, 413));
    all.add(of("two lengths", post(CHECK, "Content-Length: 5", "Content-Length: 6"), 400));
    String chunks = "0\r\n\r\n";
    for (String length : List.of("5", "0", "-1")) {
      String both = "Content-Length: " + length;
      all.add(of("chunks and " + both, post(chunks, both, "Transfer-Encoding: chunked"), 400));
      all.add(of("chunks behind " + both, post(chunks, "Transfer-Encoding: chunked", both), 400));
    }
    all.add(of("a body that is cut", post("{", "Content-Length: 50"), 0));
    all.add(of("a head that is cut", "POST /v1/check HTTP/1.1\r\nHost: loc", 0, 400));
  }

  private static void codings(List<Corpus> all) {
    for (String coding :
        List.of(
            "gzip",
            "gzip, chunked",
            "chunked, gzip",
            "chunked, chunked",
            "identity",
            "xchunked",
            "chunked;q=1",
            "\"chunked\"",
            ",chunked",
            "chunked\u000b")) {
      String body = "0\r\n\r\n";
      all.add(of("coding " + coding, post(body, "Transfer-Encoding: " + coding), 400, 501));
    }
    for (String chunks :
        List.of(
            "zz\r\n",
            "-1\r\n",
            "0x5\r\n",
            "5 5\r\n",
            "\r\n",
            ";\r\n",
            "5\r\n123456\r\n",
            "fffffffffffffffff\r\n",
            "5\n12345\n0\n\n")) {
      all.add(of("chunk " + chunks.strip(), post(chunks, "Transfer-Encoding: chunked"), 400));
    }
    String extension = "5;" + "x".repeat(100_000);
    all.add(
        of("a long chunk extension", post(extension, "Transfer-Encoding: chunked"), 400, 414, 431));
    String trailers = "0\r\n" + "a: b\r\n".repeat(10_000) + "\r\n";
    all.add(of("a bomb of trailers", post(trailers, "Transfer-Encoding: chunked"), 400, 401, 431));
  }

  private static void lines(List<Corpus> all) {
    String get = "GET /v1/check HTTP/1.1";
    String host = "Host: localhost";
    all.add(of("a folded line", head(get, host, "A: b", " c"), 400));
    all.add(of("a folded length", head(get, host, "Content-Length:", "\t5"), 400));
    all.add(of("a first line that is folded", head(get, " A: b", host), 400));
    all.add(of("bare LF", get + "\n" + host + "\n\n", 400));
    all.add(of("bare LF before", "\n" + head(get, host), 400));
    all.add(of("bare CR before", "\r" + head(get, host), 400));
    all.add(of("blank before", " " + head(get, host), 400));
    all.add(of("blank after an empty line", "\r\n " + head(get, host), 400));
    all.add(of("NUL before", "\0" + head(get, host), 400));
    all.add(of("one bare LF", get + "\r\n" + host + "\nA: b\r\n\r\n", 400));
    all.add(of("bare CR", head(get, host, "A: b\rC: d"), 400));
    all.add(of("NUL in a value", head(get, host, "A: b\0c"), 400));
    all.add(of("NUL in a name", head(get, host, "A\0: b"), 400));
    all.add(of("a blank before the colon", head(get, "Host : localhost"), 400));
    all.add(of("a tab before the colon", head(get, host, "A\t: b"), 400));
    all.add(of("no name", head(get, host, ": b"), 400));
    all.add(of("no colon", head(get, host, "A"), 400));
    all.add(of("a name with a blank", head(get, host, "A b: c"), 400));
    all.add(of("no host", head(get, "A: b"), 400));
    all.add(of("two hosts", head(get, host, host), 400));
    for (String wrong : List.of("a b", "a/b", "a,b", "a@b", "[", "a:b:c", "a:999999")) {
      all.add(of("host " + wrong, head(get, "Host: " + wrong), 400));
    }
  }

  private static void heads(List<Corpus> all) {
    String get = "GET /v1/check HTTP/1.1";
    String host = "Host: localhost";
    all.add(of("101 headers", head(get, host, "A: b\r\n".repeat(99) + "A: b"), 431));
    all.add(of("a bomb of headers", head(get, host, "A: b\r\n".repeat(100_000) + "A: b"), 431));
    all.add(of("a long header", head(get, host, "A: " + "b".repeat(1_000_000)), 431));
    all.add(of("a long name", head(get, host, "A".repeat(1_000_000) + ": b"), 431));
    all.add(of("a long path", head("GET /" + "a".repeat(1_000_000) + " HTTP/1.1", host), 414));
    all.add(of("a long method", head("A".repeat(1_000_000) + " / HTTP/1.1", host), 400, 414));
    for (String version : List.of("HTTP/2.0", "HTTP/3.0", "HTTP/9.9", "HTTP/0.9")) {
      all.add(of("version " + version, head("GET / " + version, host), 400, 505));
    }
    for (String line :
        List.of(
            "GET /",
            "GET",
            "GET  / HTTP/1.1",
            " GET / HTTP/1.1",
            "GET / http/1.1",
            "GET / HTTP/1.1.1",
            "GET / HTTP/11",
            "GET / FTP/1.1",
            "G\0T / HTTP/1.1",
            "GET / / HTTP/1.1")) {
      all.add(of("line " + line, head(line, host), 400, 404, 505));
    }
  }

  private static void targets(List<Corpus> all) {
    for (String path :
        List.of(
            "/v1/%63heck%2f",
            "/v1/check%00",
            "/v1/../v1/check",
            "/v1/./check",
            "/v1\\check",
            "/v1/check;a=b",
            "/%zz",
            "/%",
            "//",
            "*",
            "v1/check",
            "/v1/check%c0%ae")) {
      all.add(
          of(
              "path " + path,
              head("POST " + path + " HTTP/1.1", "Host: localhost", "Content-Length: 0"),
              400,
              401,
              404));
    }
    for (String method : List.of("TRACE", "CONNECT", "BREW", "get", "DELETE")) {
      all.add(of("method " + method, head(method + " /v1/check HTTP/1.1", "Host: localhost"), 405));
    }
    all.add(of("an expectation", post("", "Expect: 200-ok", "Content-Length: 0"), 401, 417));
  }

  private static void tokens(List<Corpus> all, String token) {
    String length = "Content-Length: " + CHECK.length();
    all.add(of("no token", post(CHECK, length), 401));
    for (String wrong :
        List.of(
            "",
            "Bearer",
            "Bearer ",
            "Bearer x",
            "Basic " + token,
            token,
            "Bearer " + token + "x",
            "Bearer " + token.substring(1),
            "Bearer " + "x".repeat(8_000),
            "Bearer " + token + ", Bearer " + token)) {
      all.add(of("token " + wrong.length(), post(CHECK, "Authorization: " + wrong, length), 401));
    }
    String good = "Authorization: Bearer " + token;
    all.add(of("two tokens", post(CHECK, good, "Authorization: Bearer x", length), 400, 401));
  }

  private static void bodies(List<Corpus> all, String token) {
    all.add(body("30,000 deep in a check", "/v1/check", "[".repeat(30_000), token));
    String field = "{\"attributes\":".repeat(4_000);
    all.add(body("4,000 objects deep in a check", "/v1/check", field, token));
    all.add(
        body(
            "500,000 deep in a batch",
            "/v1/check:batch",
            "{\"checks\":" + "[".repeat(500_000),
            token));
    all.add(
        body(
            "closed depth in a batch",
            "/v1/check:batch",
            "{\"checks\":" + "[".repeat(250_000) + "]".repeat(250_000) + "}",
            token));
    for (String wrong :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{}",
            "{]",
            "{\"identifier\":\"u\"}",
            CHECK + CHECK,
            "\u00ff\u00fe",
            "{\"identifier\":\"\u00c3(\"}",
            CHECK.replace("\"u\"", "\"\\ud800\""),
            CHECK.replace("\"u\"", "\"\\u0000\""),
            CHECK.replace("0}", "1" + "0".repeat(60_000) + "}"),
            CHECK.replace("0}", "1e999999999}"),
            CHECK.replace("0}", "NaN}"),
            CHECK.replace("\"u\"", "\"" + "u".repeat(60_000) + "\""))) {
      String shown = wrong.length() > 50 ? wrong.substring(0, 50) : wrong;
      all.add(body("body " + shown, "/v1/check", wrong, token));
    }
    all.add(
        of(
            "a compressed body",
            post(CHECK, token, "Content-Encoding: gzip", "Content-Length: " + CHECK.length()),
            415));
    all.add(
        of("a body over the bound", post("x".repeat(70_000), token, "Content-Length: 70000"), 413));
  }

  private static Corpus body(String name, String path, String body, String token) {
    return of(
        name,
        head(
                "POST " + path + " HTTP/1.1",
                "Host: localhost",
                token,
                "Content-Length: " + body.length())
            + body,
        400);
  }

  private static void strangers(List<Corpus> all) {
    all.add(of("TLS", TlsWire.hello(0x0303), 0, 400));
    all.add(of("SSL 2", TlsWire.hello2(), 0, 400));
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[1 << i % 17];
      random.nextBytes(noise);
      all.add(of("noise " + i, noise, 0, 400, 414, 431));
    }
    all.add(of("SMTP", "EHLO localhost\r\n", 0, 400));
    all.add(of("RESP", "*1\r\n$4\r\nPING\r\n", 0, 400));
    all.add(of("nothing", "", 0));
    all.add(of("empty lines", "\r\n".repeat(50_000), 0, 400, 414));
    ByteArrayOutputStream http2 = new ByteArrayOutputStream();
    http2.writeBytes(H2Wire.preface());
    http2.writeBytes("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    all.add(of("HTTP/2 that is none", http2.toByteArray(), 0));
  }
}
