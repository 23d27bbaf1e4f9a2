package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every bad body has its own clear refusal, after which the connection goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {

  private static final String PEEK = "{\"identifier\":\"u\",\"namespace\":\"api\",\"cost\":0}";
  private static final String ROOT = "";

  private TestDoor door;

  @BeforeAll
  void open() throws IOException {
    door = TestDoor.over(NamespaceSpec.of("api", List.of(TestDoor.perMinute(100))));
  }

  @AfterAll
  void close() {
    door.close();
  }

  private Answer refused(byte[] body, int status, String code, String... pointers)
      throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.postBytes("/v1/check", body);
      assertEquals(status, answer.status(), answer::body);
      assertEquals("application/problem+json", answer.header("Content-Type"));
      assertEquals(code, answer.code(), answer::body);
      assertEquals((long) status, answer.json().get("status"));
      assertEquals(List.of(pointers), answer.pointers(), answer::body);
      assertEquals(answer.header("X-Request-Id"), answer.json().get("request_id"));
      assertEquals(100L, client.check(PEEK).json().get("remaining"), "it consumed something");
      return answer;
    }
  }

  private Answer refused(String body, int status, String code, String... pointers)
      throws IOException {
    return refused(body.getBytes(StandardCharsets.UTF_8), status, code, pointers);
  }

  /** A check of u in api with one more field. */
  private static String with(String field) {
    return "{\"identifier\":\"u\",\"namespace\":\"api\"," + field + "}";
  }

  @Test
  void brokenJsonIsRefused() throws IOException {
    Answer answer = refused("{\"identifier\":", 400, "INVALID_JSON");
    assertTrue(answer.body().contains("line 1, column"), answer::body);
  }

  @Test
  void anEmptyBodyIsRefused() throws IOException {
    refused("", 400, "INVALID_JSON");
  }

  @Test
  void whatFollowsTheObjectIsRefused() throws IOException {
    refused(PEEK + "{}", 400, "INVALID_JSON");
    refused(PEEK + "x", 400, "INVALID_JSON");
    refused(PEEK + "}", 400, "INVALID_JSON");
  }

  @Test
  void whatIsNoObjectIsRefused() throws IOException {
    refused("[]", 400, "INVALID_FIELD", ROOT);
    refused("null", 400, "INVALID_FIELD", ROOT);
    refused("1", 400, "INVALID_FIELD", ROOT);
    refused("\"text\"", 400, "INVALID_FIELD", ROOT);
  }

  @Test
  void notANumberIsRefused() throws IOException {
    refused(with("\"cost\":NaN"), 400, "INVALID_JSON");
    refused(with("\"cost\":Infinity"), 400, "INVALID_JSON");
  }

  @Test
  void aNumberBeyondEveryTypeIsRefused() throws IOException {
    refused(with("\"cost\":1e400"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":-1e400"), 400, "INVALID_FIELD", "/cost");
  }

  @Test
  void aFractionOrAnExponentIsRefusedEvenWhenItIsWhole() throws IOException {
    refused(with("\"cost\":1.0"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":1e0"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":1.5"), 400, "INVALID_FIELD", "/cost");
  }

  @Test
  void aCostThatIsNoNumberIsRefused() throws IOException {
    refused(with("\"cost\":null"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":\"1\""), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":true"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":[1]"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":{\"n\":1}"), 400, "INVALID_FIELD", "/cost");
  }

  @Test
  void aNegativeCostIsRefused() throws IOException {
    refused(with("\"cost\":-1"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":-9223372036854775808"), 400, "INVALID_FIELD", "/cost");
  }

  @Test
  void aHugeCostIsRefused() throws IOException {
    refused(with("\"cost\":9007199254740992"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":9223372036854775808"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":18446744073709551617"), 400, "INVALID_FIELD", "/cost");
    refused(with("\"cost\":" + "9".repeat(5_000)), 400, "JSON_OUT_OF_BOUNDS", "/cost");
  }

  @Test
  void theLargestCostIsRead() throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.check(with("\"cost\":9007199254740991"));
      assertEquals("RATE_LIMITED", answer.code());
    }
  }

  @Test
  void aKeyThatOccursTwiceIsRefused() throws IOException {
    refused(with("\"identifier\":\"v\""), 400, "DUPLICATE_KEY", "/identifier");
    refused(with("\"x\":{\"a\":[{\"b\":1,\"b\":1}]}"), 400, "DUPLICATE_KEY", "/x/a/0/b");
    refused(with("\"cost\":1,\"c\\u006fst\":1"), 400, "DUPLICATE_KEY", "/cost");
  }

  @Test
  void whatIsNotUtf8IsRefused() throws IOException {
    refusedInIdentifier(0xff);
    refusedInIdentifier(0xc0, 0x80);
    refusedInIdentifier(0xed, 0xa0, 0x80);
    refusedInIdentifier(0xf4, 0x90, 0x80, 0x80);
    refusedInIdentifier(0xe2, 0x82);
  }

  private void refusedInIdentifier(int... bytes) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes("{\"identifier\":\"".getBytes(StandardCharsets.UTF_8));
    for (int b : bytes) {
      body.write(b);
    }
    body.writeBytes("\",\"namespace\":\"api\"}".getBytes(StandardCharsets.UTF_8));
    Answer answer = refused(body.toByteArray(), 400, "INVALID_UTF8");
    assertTrue(answer.body().contains("offset 15 "), answer::body);
  }

  @Test
  void halfOfASurrogatePairIsRefusedWhereverItStands() throws IOException {
    String lone = "\"\\ud800\"";
    refused(
        "{\"identifier\":" + lone + ",\"namespace\":\"api\"}", 400, "INVALID_FIELD", "/identifier");
    refused(with("\"x\":[{\"y\":\"\\udc00a\"}]"), 400, "INVALID_FIELD", "/x/0/y");
    refused(with("\"x\":{" + lone + ":1}"), 400, "INVALID_JSON");
    refused(with("\"x\":{\"\\udc00\":1}"), 400, "INVALID_JSON");
    refused(with("\"attributes\":{\"a\":" + lone + "}"), 400, "INVALID_FIELD", "/attributes");
  }

  @Test
  void wholeSurrogatePairsAreRead() throws IOException {
    try (Client client = door.client()) {
      Answer answer = client.check(with("\"cost\":0,\"x\":\"\\ud83d\\ude00\",\"😀\":1"));
      assertEquals(200, answer.status(), answer::body);
      client.check("{\"identifier\":\"\\ud83d\\ude00\",\"namespace\":\"api\",\"cost\":7}");
      Answer same = client.check("{\"identifier\":\"😀\",\"namespace\":\"api\",\"cost\":0}");
      assertEquals(93L, same.json().get("remaining"));
    }
  }

  @Test
  void fieldsOfAnotherTypeAreRefused() throws IOException {
    refused("{\"identifier\":1,\"namespace\":\"api\"}", 400, "INVALID_FIELD", "/identifier");
    refused("{\"identifier\":null,\"namespace\":\"api\"}", 400, "INVALID_FIELD", "/identifier");
    refused("{\"identifier\":\"u\",\"namespace\":{}}", 400, "INVALID_FIELD", "/namespace");
    refused(with("\"endpoint\":[]"), 400, "INVALID_FIELD", "/endpoint");
    refused(with("\"idempotency_key\":1"), 400, "INVALID_FIELD", "/idempotency_key");
    refused(with("\"attributes\":[]"), 400, "INVALID_FIELD", "/attributes");
    refused(with("\"attributes\":{\"a/b\":1}"), 400, "INVALID_FIELD", "/attributes/a~1b");
  }

  @Test
  void missingFieldsAreAllNamed() throws IOException {
    refused("{\"namespace\":\"api\"}", 400, "MISSING_FIELD", "/identifier");
    refused("{\"identifier\":\"u\"}", 400, "MISSING_FIELD", "/namespace");
    refused("{}", 400, "MISSING_FIELD", "/identifier", "/namespace");
  }

  @Test
  void emptyFieldsAreRefused() throws IOException {
    refused("{\"identifier\":\"\",\"namespace\":\"api\"}", 400, "INVALID_FIELD", "/identifier");
    refused("{\"identifier\":\"u\",\"namespace\":\"\"}", 400, "INVALID_FIELD", "/namespace");
    refused(with("\"endpoint\":\"\""), 400, "INVALID_FIELD", "/endpoint");
    refused(with("\"idempotency_key\":\"\""), 400, "INVALID_FIELD", "/idempotency_key");
  }

  @Test
  void anIdentifierOf10KilobytesIsRefused() throws IOException {
    String long10k = "{\"identifier\":\"" + "x".repeat(10_240) + "\",\"namespace\":\"api\"}";
    Answer answer = refused(long10k, 400, "INVALID_FIELD", "/identifier");
    assertTrue(answer.body().contains("has 10240 bytes"), answer::body);
  }

  @Test
  void anIdentifierWithNulIsRefused() throws IOException {
    refused(
        "{\"identifier\":\"a\\u0000b\",\"namespace\":\"api\"}",
        400,
        "INVALID_FIELD",
        "/identifier");
  }

  @Test
  void aNamespaceThatIsNoNameIsRefused() throws IOException {
    refused("{\"identifier\":\"u\",\"namespace\":\"a b\"}", 400, "INVALID_FIELD", "/namespace");
    refused("{\"identifier\":\"u\",\"namespace\":\"*\"}", 400, "INVALID_FIELD", "/namespace");
  }

  @Test
  void anUnknownNamespaceIsNotFound() throws IOException {
    refused(
        "{\"identifier\":\"u\",\"namespace\":\"nope\"}", 404, "NAMESPACE_NOT_FOUND", "/namespace");
  }

  @Test
  void tooManyOrTooLongAttributesAreRefused() throws IOException {
    String nine = "\"attributes\":{\"a\":\"\",\"b\":\"\",\"c\":\"\",\"d\":\"\",\"e\":\"\",";
    refused(
        with(nine + "\"f\":\"\",\"g\":\"\",\"h\":\"\",\"i\":\"\"}"),
        400,
        "INVALID_FIELD",
        "/attributes/i");
    refused(
        with("\"attributes\":{\"a\":\"" + "x".repeat(65) + "\"}"),
        400,
        "INVALID_FIELD",
        "/attributes");
  }

  @Test
  void anApiKeyIsRefusedAndNotIgnored() throws IOException {
    Answer answer =
        refused("{\"key\":\"tg_live_x\",\"namespace\":\"api\"}", 400, "KEY_NOT_SUPPORTED", "/key");
    assertTrue(answer.body().contains("full mode"), answer::body);
    refused(with("\"key\":null"), 400, "KEY_NOT_SUPPORTED", "/key");
  }

  @Test
  void nestingBeyondTheBoundIsRefused() throws IOException {
    String deep = "[".repeat(30_000) + "]".repeat(30_000);
    Answer answer = door.client().check(with("\"x\":" + deep));
    assertEquals(400, answer.status());
    assertEquals("JSON_OUT_OF_BOUNDS", answer.code());
    assertTrue(answer.pointers().getFirst().startsWith("/x/0/0/0"), answer::body);
  }

  @Test
  void nestingWithinTheBoundIsRead() throws IOException {
    String deep = "[".repeat(31) + "]".repeat(31);
    try (Client client = door.client()) {
      assertEquals(200, client.check(with("\"cost\":0,\"x\":" + deep)).status());
    }
  }

  @Test
  void unknownFieldsAreIgnored() throws IOException {
    String fields = "\"scope\":\"a:b\",\"ip\":\"::1\",\"x\":{\"y\":[1,2.5e3,null,{\"z\":\"\"}]}";
    try (Client client = door.client()) {
      String unknown = "{\"namespace\":\"api\"," + fields + ",\"identifier\":\"ignored\"}";
      assertEquals(99L, client.check(unknown).json().get("remaining"));
    }
  }
}
