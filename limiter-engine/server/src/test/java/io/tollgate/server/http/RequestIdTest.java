package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every answer has an id, and every decision its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestIdTest {

  private static final String CHECK = "{\"identifier\":\"u\",\"namespace\":\"n\"}";
  private static final Pattern DECISION_ID =
      Pattern.compile("\"decision_id\":\"dec_([0-9A-HJKMNP-TV-Z]{26})\"");

  private TestDoor door;

  @BeforeAll
  void open() throws IOException {
    door = TestDoor.usual();
  }

  @AfterAll
  void close() {
    door.close();
  }

  private String sentAndAnswered(String id) throws IOException {
    try (Client client = door.client()) {
      return client.check(CHECK, "X-Request-Id: " + id).header("X-Request-Id");
    }
  }

  @Test
  void aHarmlessIdIsEchoed() throws IOException {
    String longest = "aZ09._:~+/=@-" + "x".repeat(115);
    assertEquals(longest, sentAndAnswered(longest));
    assertEquals("a", sentAndAnswered("a"));
  }

  @Test
  void anyOtherIdIsReplaced() throws IOException {
    for (String id : new String[] {"", "a b", "a\"b", "a<b", "é", "x".repeat(129), "a,b"}) {
      String answered = sentAndAnswered(id);
      assertTrue(answered.matches("req_[0-9A-HJKMNP-TV-Z]{26}"), answered);
    }
  }

  @Test
  void idsOfDecisionsDifferAndBeginWithTheTime() throws IOException {
    try (Client client = door.client()) {
      String first = decisionId(client.check(CHECK));
      String second = decisionId(client.check(CHECK));
      assertNotEquals(first, second);
      // 2026-01-15T10:30:00Z in Crockford's base 32.
      assertEquals(crockford(TestDoor.START.toEpochMilli()), first.substring(0, 10));
      assertEquals(first.substring(0, 10), second.substring(0, 10));
    }
  }

  private static String crockford(long millis) {
    String digits = Long.toString(millis, 32);
    StringBuilder out = new StringBuilder("0".repeat(10 - digits.length()));
    for (int i = 0; i < digits.length(); i++) {
      out.append("0123456789ABCDEFGHJKMNPQRSTVWXYZ".charAt(Character.digit(digits.charAt(i), 32)));
    }
    return out.toString();
  }

  private static String decisionId(Answer answer) {
    Matcher matcher = DECISION_ID.matcher(answer.body());
    assertTrue(matcher.find(), answer::body);
    return matcher.group(1);
  }
}
