package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.openapi.ApiDocument;
import io.tollgate.server.openapi.Example;
import io.tollgate.server.openapi.FieldCover;
import io.tollgate.server.openapi.Operation;
import io.tollgate.server.openapi.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Every example of the document is sent, and answered as written. */
class OpenApiExamplesTest {

  private static final ApiDocument DOCUMENT = ApiDocument.get();
  private static final Pattern FILE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern HELD = Pattern.compile("(res|lea)_\\w{26}");
  private static final Map<String, String> TOKENS =
      Map.of(
          "checkToken", "Authorization: Bearer check-token",
          "adminToken", "Authorization: Bearer admin-token",
          "gatewayToken", "X-Tollgate-Token: check-token");

  /** Headers that every answer has, or that only tell its length and kind. */
  private static final Set<String> COMMON =
      Set.of("content-type", "content-length", "cache-control", "date", "connection");

  /** Until a server sees that its file has changed: it wants to see it twice. */
  private static final int LOOKS = 1_000;

  /** What a server answers only in a moment that other tests arrange. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "GET /metrics 503",
          "GET /v1/authz 503",
          "POST /v1/reservations/{id}:commit 503",
          "POST /v1/reservations/{id}:cancel 503",
          "POST /v1/leases/{id}:renew 503",
          "POST /v1/leases/{id}:release 503",
          "POST /v1/refund 503",
          "POST /v1/reset 503");

  /** What the server without its Redis has. */
  private static final NamespaceSpec SITE =
      NamespaceSpec.of(
          "site",
          List.of(
              new LimitSpec(
                  "all-together",
                  TestDoor.window(1_000),
                  false,
                  LimitSpec.Per.NAMESPACE,
                  Map.of(),
                  100)));

  @TempDir private Path folder;

  /** The file of most examples. */
  private String limitsFile = "";

  /** With tokens and a data folder. */
  private TestDoor guarded;

  /** With neither. */
  private TestDoor bare;

  /** With no room for another counter. */
  private TestDoor full;

  /** With a Redis that is not there. */
  private RedisDoor away;

  /** Method, path and status of what was answered. */
  private final Set<String> statuses = new TreeSet<>();

  private final Map<String, String> realIds = new HashMap<>();

  @BeforeEach
  void open() throws IOException {
    Matcher limits = FILE.matcher(DOCUMENT.root().at("info", "description").text());
    assertTrue(limits.find(), "the description shows the limits file");
    limitsFile = limits.group(1);
    Path file = Files.writeString(folder.resolve("limits.yaml"), limitsFile);
    guarded = TestDoor.guarded("check-token", "admin-token", file, folder);
    bare = TestDoor.over();
    full = TestDoor.full("api_requests");
    away = new RedisDoor(RedisDoor.NOWHERE, SITE);
  }

  @AfterEach
  void close() {
    guarded.close();
    bare.close();
    full.close();
    away.close();
  }

  @Test
  void everyExampleIsAnsweredAsWritten() throws IOException {
    List<Executable> sending = new ArrayList<>();
    Set<String> sent = new TreeSet<>();
    FieldCover fields = new FieldCover(DOCUMENT);
    for (Operation operation : DOCUMENT.operations()) {
      for (Example example : Example.of(operation)) {
        sending.add(() -> isAnsweredAsWritten(example));
        sent.add(example.name());
        fields.note(example.name(), example.schema(), example.value().value());
      }
    }
    assertAll(sending);
    assertTrue(sent.size() >= 45, sent.size() + " examples");
    Set<String> named = new TreeSet<>();
    namesOfParametersAndHeaders(named);
    assertTrue(sent.containsAll(named), named + " has names that nothing sent: " + sent);
    assertEquals(List.of(), fields.missing(), "no example of an answer shows");
    bareOperations();
    everyStatusIsAnswered();
  }

  private void isAnsweredAsWritten(Example example) throws IOException {
    guarded.advance(example.afterMillis() * 1_000);
    String where = example.operation().name() + ", example " + example.name();
    Answer answer = answer(example);
    assertEquals(example.status(), String.valueOf(answer.status()), where + answer.body());
    assertEquals(example.type(), answer.header("Content-Type"), where);
    Object written = Tree.json(masked(example.value().json())).value();
    assertEquals(written, Tree.json(masked(answer.body())).value(), where);
    noteIds(example.value().json(), answer.body());
    headersAreAsDescribed(example.operation(), answer, example.name());
  }

  private void everyStatusIsAnswered() {
    Set<String> described = new TreeSet<>();
    for (Operation operation : DOCUMENT.operations()) {
      Set<String> own = new HashSet<>(operation.responses().keySet());
      own.remove("default");
      own.forEach(status -> described.add(operation.name() + " " + status));
    }
    described.removeAll(statuses);
    described.removeAll(ELSEWHERE);
    assertEquals(Set.of(), described, "described, but by no server answered");
  }

  private static void namesOfParametersAndHeaders(Set<String> names) {
    for (String kind : List.of("parameters", "headers")) {
      DOCUMENT
          .root()
          .at("components", kind)
          .fields()
          .values()
          .forEach(one -> names.addAll(one.fields("examples").keySet()));
    }
  }

  private Answer answer(Example example) throws IOException {
    guarded.ready.set(!example.server().equals("starting"));
    return switch (example.server()) {
      case "", "starting" -> answer(example, usualPort(example.operation()), TOKENS);
      case "check_port" -> answer(example, guarded.door.httpPort(), TOKENS);
      case "admin_port" -> answer(example, guarded.door.adminPort(), TOKENS);
      case "bare" -> answer(example, bare.door.httpPort(), Map.of());
      case "full" -> answer(example, full.door.httpPort(), Map.of());
      case "redis_away" -> answer(example, awayPort(example.operation()), Map.of());
      case "second" -> {
        try (TestDoor second = TestDoor.keeping(folder)) {
          yield answer(example, second.door.httpPort(), Map.of());
        }
      }
      case "wrong_file" -> {
        try (TestDoor wrong = wrongFile()) {
          yield answer(example, wrong.door.adminPort(), Map.of());
        }
      }
      default -> throw new AssertionError("no server is called " + example.server());
    };
  }

  private int usualPort(Operation operation) {
    return operation.item().has("servers") ? guarded.door.adminPort() : guarded.door.httpPort();
  }

  /** Only the admin port says how Redis fares. */
  private int awayPort(Operation operation) {
    return operation.path().startsWith("/v1/") ? away.door.httpPort() : away.door.adminPort();
  }

  private TestDoor wrongFile() throws IOException {
    Path own = Files.createDirectories(folder.resolve("etc"));
    Path file = Files.writeString(own.resolve("limits.yaml"), limitsFile);
    TestDoor door = TestDoor.ofFile(file);
    Files.writeString(file, limitsFile.replace("limit: 1000", "limit: many"));
    for (int i = 0; door.limits.state().valid() && i < LOOKS; i++) {
      door.limits.poll();
    }
    return door;
  }

  private Answer answer(Example example, int port, Map<String, String> tokens) throws IOException {
    Operation operation = example.operation();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String scheme : operation.security()) {
      if (tokens.containsKey(scheme)) {
        putToken(headers, tokens.get(scheme));
      }
    }
    headers.putAll(example.headers());
    String body = example.body();
    String target = withIds(example.target());
    return call(port, operation, target, headers, body == null ? "" : body);
  }

  private static void putToken(Map<String, String> headers, String header) {
    String[] parts = header.split(": ", 2);
    headers.put(parts[0], parts[1]);
  }

  /** The query without which an operation says nothing. */
  private static String required(Operation operation) {
    StringBuilder query = new StringBuilder();
    for (Tree parameter : operation.parameters()) {
      if (parameter.at("in").text().equals("query") && parameter.has("required")) {
        query.append(query.isEmpty() ? '?' : '&').append(parameter.at("name").text()).append('=');
        query.append(parameter.fields("examples").values().iterator().next().at("value").text());
      }
    }
    return query.toString();
  }

  private Answer call(
      int port, Operation operation, String target, Map<String, String> headers, String body)
      throws IOException {
    StringBuilder head = new StringBuilder(operation.method() + " " + target + " HTTP/1.1\r\n");
    head.append("Host: localhost\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (!headers.containsKey("Content-Length")) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      head.append("Content-Length: " + length + "\r\n");
    }
    // A connection of its own, since some answers end it.
    try (Client client = new Client(port)) {
      Answer answer = client.send(head + "\r\n" + body).read(!operation.method().equals("HEAD"));
      statuses.add(operation.name() + " " + answer.status());
      return answer;
    }
  }

  private String withIds(String text) {
    String named = text;
    for (Map.Entry<String, String> id : realIds.entrySet()) {
      named = named.replace(id.getKey(), id.getValue());
    }
    return named;
  }

  private void noteIds(String example, String real) {
    Matcher written = HELD.matcher(example);
    Matcher given = HELD.matcher(real);
    while (written.find() && given.find()) {
      realIds.put(written.group(), given.group());
    }
  }

  private String masked(String text) {
    return Documented.withoutIds(text.replace(folder + "/", "").replace(folder.toString(), "data"));
  }

  /** No header that is not described, each as its schema wants, and as its example says. */
  private static void headersAreAsDescribed(Operation operation, Answer answer, String name) {
    String where = operation.name() + ", example " + name + ": ";
    Map<String, Tree> described = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    operation
        .response(answer.status())
        .fields("headers")
        .forEach((header, node) -> described.put(header, DOCUMENT.follow(node)));
    for (Map.Entry<String, String> header : answer.headers().entrySet()) {
      String lower = header.getKey().toLowerCase(Locale.ROOT);
      Tree node = described.get(lower);
      if (node == null) {
        assertTrue(COMMON.contains(lower), where + lower + " is not described");
        continue;
      }
      boolean whole = node.at("schema").has("minimum");
      Object value = whole ? Long.valueOf(header.getValue()) : header.getValue();
      assertEquals(List.of(), DOCUMENT.schemas().problems(node.at("schema"), value), where + lower);
    }
    described.forEach((header, node) -> {
      boolean needed = node.has("required") && node.at("required").text().equals("true");
      assertTrue(!needed || answer.headers().containsKey(header.toLowerCase(Locale.ROOT)), where);
      Tree example = node.fields("examples").get(name);
      if (example != null) {
        assertEquals(example.at("value").text(), answer.header(header), where + header);
      }
    });
  }

  /** Asks what has no example: what has no body, and the document itself. */
  private void bareOperations() throws IOException {
    for (Operation operation : DOCUMENT.operations()) {
      if (Example.of(operation).stream().anyMatch(e -> e.status().startsWith("2"))) {
        continue;
      }
      guarded.ready.set(true);
      Answer answer = bare(operation);
      assertEquals(200, answer.status(), operation.name());
      headersAreAsDescribed(operation, answer, "none");
      Map<String, Tree> content = operation.response(200).fields("content");
      assertTrue(
          content.isEmpty() || content.containsKey(Documented.type(answer)), operation.name());
      guarded.ready.set(false);
      headersAreAsDescribed(operation, bare(operation), "none");
    }
  }

  private Answer bare(Operation operation) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String scheme : operation.security()) {
      putToken(headers, Objects.requireNonNull(TOKENS.get(scheme), scheme));
    }
    String path = operation.path().replace("{namespace}", "api_requests") + required(operation);
    return call(usualPort(operation), operation, path, headers, "");
  }
}
