package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One namespace as JSON: read with the file's own validation, written in one form. */
class NamespaceJsonTest {

  private static final String GCRA =
      "{\"name\":\"m\",\"algorithm\":\"gcra\",\"limit\":100,\"period\":\"1m\"}";

  private static String limit(String fields) {
    return "{\"limits\":[{\"name\":\"m\"," + fields + "}]}";
  }

  /** Every problem as place, pointer, message and fix. */
  private static List<String> problems(String json) {
    ConfigException e =
        assertThrows(ConfigException.class, () -> NamespaceJson.parse("api", json), json);
    return e.problems().stream()
        .map(p -> p.at() + " " + p.pointer() + " " + p.message() + "; " + p.fix())
        .toList();
  }

  @Test
  void aNamespaceIsReadAsInTheFile() {
    assertEquals(
        NamespaceSpec.of(
            "api", List.of(LimitSpec.of("m", new Algorithm.Gcra(100, 60_000_000, 100)))),
        NamespaceJson.parse("api", "{\"limits\":[" + GCRA + "]}"));
  }

  @Test
  void allProblemsAreReportedWithPointersFromTheObjectAndTheirPlaces() {
    assertEquals(
        List.of(
            "1:2 /header unknown field 'header'; did you mean 'headers'?",
            "1:75 /limits/0/limit limit: '0' is out of bounds;"
                + " write a whole number from 1 to 9007199254740991",
            "2:11 /limits/0/period period: '60' is not a duration;"
                + " add the unit: 60s for seconds, or ms, m, h, d"),
        problems(
            "{\"header\": \"none\", \"limits\": [{\"name\": \"m\", \"algorithm\": \"gcra\","
                + " \"limit\": 0,\n\"period\": 60}]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|1:1  api: a list is not an object; write {limits: […]}",
        "{}|1:1  api: has no limits; add some; limits: [] lets everything pass",
        "{\"limits\":null}|1:11 /limits limits: has no value; write […]",
        "{\"limits\":[],\"limits\":[]}|1:14 /limits limits: is written twice, first at 1:2;"
            + " keep one of the two",
        "{\"limits\":[]} {}|1:15  something follows its end; remove it",
        "{\"limits\":[]|1:13  is not JSON: Unexpected end-of-input: expected close marker for"
            + " Object;",
        "{limits:[]}|1:2  is not JSON: Unexpected character ('l' (code 108)):",
        "{\"limits\":[],}|1:14  is not JSON: Unexpected character ('}' (code 125)):",
        "{\"limits\":[]/**/}|1:13  is not JSON: Unexpected character ('/' (code 47)):",
        "{\"limits\":[\"\\x\"]}|1:14  is not JSON: Unrecognized character escape 'x' (code 120);",
        "NaN|1:4  is not JSON: Non-standard token 'NaN':",
        "``|0:0  is empty; write an object: {\"limits\": [ ]}",
      })
  void whatIsNoNamespaceIsRefused(String json, String begin) {
    List<String> problems = problems(json);
    assertEquals(1, problems.size(), problems.toString());
    String plain = problems.getFirst().replaceAll("write [\\[{].*[\\]}]$", "write [LIST]");
    String wanted = begin.replace("write {limits: […]}", "write [LIST]").replace("[…]", "[LIST]");
    assertTrue(plain.startsWith(wanted), problems.getFirst());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1e2", "true", "\"100\"", "-1", "9007199254740992", "[]", "{}"})
  void aNumberThatIsNoWholeNumberInBoundsIsRefused(String number) {
    List<String> problems =
        problems(limit("\"algorithm\":\"gcra\",\"period\":\"1m\",\"limit\":" + number));
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.getFirst().contains(" /limits/0/limit limit: "), problems.getFirst());
  }

  @Test
  void depthAndLengthAreBounded() {
    assertEquals(
        List.of(
            "0:0  is nested deeper than 32, or has a number of thousands of digits;"
                + " see the example in the documentation"),
        problems("[".repeat(100_000)));
    assertTrue(
        problems("{\"limits\": " + "1".repeat(2_000) + "}").getFirst().contains("of digits"));
    assertEquals(
        List.of("0:0  has 1048577 characters; write at most 1048576"),
        problems(" ".repeat((1 << 20) + 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud800", "\\udc00x", "\\u0000"})
  void aTextThatNoCheckCanCarryIsRefused(String escape) {
    String override = "[{\"identifier\":\"" + escape + "\",\"limits\":{\"m\":\"unlimited\"}}]";
    List<String> problems = problems("{\"limits\":[" + GCRA + "],\"overrides\":" + override + "}");
    assertTrue(problems.getFirst().contains(" /overrides/0/identifier "), problems.toString());
    assertTrue(problems.getFirst().contains("is not valid Unicode"), problems.toString());
    problems =
        problems(
            limit(
                "\"algorithm\":\"gcra\",\"limit\":1,\"period\":\"1s\",\"when\":{\"attributes\":{\""
                    + escape
                    + "\":\"x\"}}"));
    assertTrue(
        problems.getFirst().matches(".*(not valid Unicode|surrogate).*"), problems.toString());
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    ConfigException e =
        assertThrows(ConfigException.class, () -> NamespaceJson.parse("a b\n", "{\"limits\":[]}"));
    assertEquals(
        "namespace a b\\n:1:1: namespace 'a b\\n' is not a name;"
            + " use 1 to 128 of A-Z a-z 0-9 . _ : - or *",
        e.getMessage());
    assertEquals("*", NamespaceJson.parse("*", "{\"limits\":[]}").name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'\"algorithm\":\"gcra\",\"limit\":5,\"period\":\"60000ms\",\"burst\":5'"
            + "|'\"algorithm\":\"gcra\",\"limit\":5,\"period\":\"1m\"'",
        "'\"shadow\":false,\"period\":\"48h\",\"algorithm\":\"fixed_window\",\"limit\":5,"
            + "\"align\":\"epoch\",\"per\":\"identifier\"'"
            + "|'\"algorithm\":\"fixed_window\",\"limit\":5,\"period\":\"2d\"'",
        "'\"lease_ttl\":\"30s\",\"limit\":5,\"algorithm\":\"concurrency\"'"
            + "|'\"algorithm\":\"concurrency\",\"limit\":5'",
        "'\"lease_ttl\":\"90s\",\"limit\":5,\"algorithm\":\"concurrency\"'"
            + "|'\"algorithm\":\"concurrency\",\"limit\":5,\"lease_ttl\":\"90s\"'",
        "'\"max_delay\":\"1500ms\",\"mode\":\"queue\",\"limit\":5,\"period\":\"1s\","
            + "\"algorithm\":\"leaky_bucket\",\"burst\":1'"
            + "|'\"algorithm\":\"leaky_bucket\",\"limit\":5,\"period\":\"1s\",\"burst\":1,"
            + "\"mode\":\"queue\",\"max_delay\":\"1500ms\"'",
        "'\"zone\":\"UTC\",\"align\":\"calendar\",\"limit\":5,\"period\":\"month\","
            + "\"algorithm\":\"fixed_window\","
            + "\"when\":{\"attributes\":{\"b\":\"ö\",\"a\":\"\\n\"}}'"
            + "|'\"algorithm\":\"fixed_window\",\"limit\":5,\"period\":\"month\","
            + "\"align\":\"calendar\",\"zone\":\"UTC\","
            + "\"when\":{\"attributes\":{\"a\":\"\\n\",\"b\":\"ö\"}}'",
      })
  void theWrittenFormHasOneOrderAndLeavesDefaultsOut(String given, String written) {
    NamespaceSpec spec = NamespaceJson.parse("api", limit(given));
    assertEquals(limit(written), NamespaceJson.write(spec));
    assertEquals(spec, NamespaceJson.parse("api", limit(written)));
  }

  @Test
  void aPeriodThatNobodyCanWriteIsNotWrittenWrongly() {
    NamespaceSpec odd =
        NamespaceSpec.of("api", List.of(LimitSpec.of("m", new Algorithm.Gcra(1, 1_500, 1))));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> NamespaceJson.write(odd));
    assertEquals("1500 µs cannot be written as a duration", e.getMessage());
  }
}
