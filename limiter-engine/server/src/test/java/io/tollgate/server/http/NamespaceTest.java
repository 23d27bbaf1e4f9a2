package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Namespaces that administrators make, change and remove while the server runs. */
class NamespaceTest {

  private static final String MAIL = "/v1/namespaces/mail";
  private static final String THREE = limit(3);

  @TempDir private Path folder;

  private TestDoor door;
  private Client client;

  private static String limit(long limit) {
    return "{\"limits\":[{\"name\":\"l\",\"algorithm\":\"fixed_window\",\"limit\":"
        + limit
        + ",\"period\":\"1m\"}]}";
  }

  @BeforeEach
  void open() throws IOException {
    door = TestDoor.keeping(folder, NamespaceSpec.of("*", List.of(TestDoor.gcra("default", 100))));
    client = door.client();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  private Answer call(String method, String path, String body) throws IOException {
    return client.send(Client.request(method, path, body)).read();
  }

  private Object limitOf(String namespace) throws IOException {
    String check = "{\"identifier\":\"u\",\"namespace\":\"" + namespace + "\",\"cost\":0}";
    return client.check(check).text("remaining");
  }

  @Test
  void aNamespaceIsInForceWhenItsAnswerComes() throws IOException {
    assertEquals("100", limitOf("mail"));
    Answer made = call("PUT", MAIL, THREE);
    assertEquals(201, made.status(), made::body);
    assertEquals("3", limitOf("mail"));
    Answer changed = call("PUT", MAIL, limit(5));
    assertEquals(200, changed.status());
    assertEquals("5", limitOf("mail"));
    assertEquals(changed.body(), call("GET", MAIL, "").body());
    assertEquals("{}", call("DELETE", MAIL, "").body());
    assertEquals("100", limitOf("mail"));
    assertEquals("NAMESPACE_NOT_FOUND", call("GET", MAIL, "").code());
    assertEquals("NAMESPACE_NOT_FOUND", call("DELETE", MAIL, "").code());
  }

  @Test
  void whatIsReadCanBeWrittenBack() throws IOException {
    String read = call("GET", "/v1/namespaces/*", "").body();
    Answer written = call("PUT", "/v1/namespaces/%2A", read);
    assertEquals(201, written.status(), written::body);
    assertEquals(read, written.body());
  }

  @Test
  void aChangeSurvivesTheServer() throws IOException {
    call("PUT", MAIL, THREE);
    close();
    open();
    assertEquals("3", limitOf("mail"));
    assertTrue(Files.exists(folder.resolve("namespaces.json")));
  }

  @Test
  void whatIsWrongIsNamedByItsPointersAndChangesNothing() throws IOException {
    call("PUT", MAIL, THREE);
    Answer wrong = call("PUT", MAIL, THREE.replace("3", "0").replace("1m", "1x"));
    assertEquals(400, wrong.status());
    assertEquals("INVALID_NAMESPACE", wrong.code());
    assertEquals(List.of("/limits/0/limit", "/limits/0/period"), wrong.pointers(), wrong::body);
    assertEquals("INVALID_NAMESPACE", call("PUT", MAIL, "{\"limit\":[]}").code());
    assertEquals(400, call("PUT", MAIL, "").status());
    assertEquals(400, call("PUT", MAIL, "[1,").status());
    assertEquals(400, call("PUT", "/v1/namespaces/a%20b", THREE).status());
    assertEquals(400, call("PUT", "/v1/namespaces/" + "a".repeat(129), THREE).status());
    assertEquals(404, call("PUT", "/v1/namespaces/", THREE).status());
    assertEquals(413, call("PUT", MAIL, " ".repeat(256 * 1024 + 1)).status());
    try (Client other = door.client()) {
      assertEquals(405, other.send(Client.post(MAIL, THREE)).read().status());
    }
    open2();
    assertEquals("3", limitOf("mail"));
  }

  /** A body that was too long has closed the connection. */
  private void open2() throws IOException {
    client.close();
    client = door.client();
  }

  @Test
  void theListComesInPages() throws IOException {
    for (String name : List.of("b", "c", "a")) {
      call("PUT", "/v1/namespaces/" + name, THREE);
    }
    Answer first = call("GET", "/v1/namespaces?limit=3", "");
    String star = "{\"name\":\"*\",\"read_only\":false}";
    String a = "{\"name\":\"a\",\"read_only\":false}";
    String b = "{\"name\":\"b\",\"read_only\":false}";
    String data = "{\"data\":[" + star + "," + a + "," + b + "],\"next_cursor\":\"";
    assertTrue(first.body().startsWith(data), first::body);
    String rest = "/v1/namespaces?cursor=" + first.text("next_cursor");
    assertEquals(
        "{\"data\":[{\"name\":\"c\",\"read_only\":false}],\"next_cursor\":null}",
        call("GET", rest, "").body());
    for (String query : List.of("limit=0", "limit=1001", "limit=x", "cursor=%", "page=1")) {
      Answer wrong = call("GET", "/v1/namespaces?" + query, "");
      assertEquals(400, wrong.status(), query);
      assertEquals(List.of("?" + query.substring(0, query.indexOf('='))), wrong.pointers());
    }
  }

  @Test
  void theFilesNamespacesAreReadOnly() throws IOException {
    Path file = folder.resolve("limits.yaml");
    Files.writeString(
        file,
        "version: 1\nnamespaces:\n  api: {limits: [{name: l, algorithm: gcra, limit: 9,"
            + " period: 1m}]}\n");
    try (TestDoor filed = TestDoor.ofFile(file);
        Client asking = filed.client()) {
      Answer refused = asking.send(Client.request("PUT", "/v1/namespaces/api", THREE)).read();
      assertEquals(409, refused.status());
      assertEquals("NAMESPACE_READ_ONLY", refused.code());
      Answer deleted = asking.send(Client.request("DELETE", "/v1/namespaces/api", "")).read();
      assertEquals("NAMESPACE_READ_ONLY", deleted.code());
      Map<String, Object> list =
          asking.send(Client.request("GET", "/v1/namespaces", "")).read().json();
      assertEquals(List.of(Map.of("name", "api", "read_only", true)), list.get("data"));
      Answer lost = asking.send(Client.request("PUT", MAIL, THREE)).read();
      assertEquals(503, lost.status());
      assertEquals("STORAGE_UNAVAILABLE", lost.code());
      assertTrue(lost.body().contains("TOLLGATE_DATA_DIR"), lost::body);
    }
  }

  @Test
  void answersToSlowAndFastCallsKeepTheirOrder() throws IOException {
    client.send(
        Client.request("PUT", MAIL, THREE, "X-Request-Id: slow")
            + Client.request("GET", "/health", "", "X-Request-Id: fast"));
    assertEquals("slow", client.read().header("X-Request-Id"));
    assertEquals("fast", client.read().header("X-Request-Id"));
    assertFalse(Files.exists(folder.resolve("namespaces.json.tmp")));
  }
}
