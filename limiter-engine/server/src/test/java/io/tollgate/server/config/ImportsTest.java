package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.config.Imports.Format;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What other limiters' configurations become, and what is said of the rest. */
class ImportsTest {

  private static Imported imported(Format format, String resource) {
    return Imports.parse(format, "c.yaml", Cases.text("/imports/" + resource));
  }

  private static List<NamespaceSpec> specs(Imported imported) {
    return LimitsFile.parse("made", imported.yaml());
  }

  private static String refusal(Format format, String yaml) {
    return String.valueOf(
        assertThrows(ConfigException.class, () -> Imports.parse(format, "c.yaml", yaml))
            .getMessage());
  }

  @Test
  void everythingOfEnvoysServiceThatHasACounterpartIsTakenOver() {
    Imported imported = imported(Format.ENVOY_RATELIMIT, "envoy-whole.yaml");
    assertEquals(List.of(), imported.leftOut());
    assertEquals(List.of(), imported.notes());
    assertEquals(Cases.text("/imports/envoy-whole.limits.yaml"), imported.yaml());
  }

  @Test
  void whatEnvoysServiceHasAloneIsReportedWithItsPlace() {
    Imported imported = imported(Format.ENVOY_RATELIMIT, "envoy-partly.yaml");
    assertEquals(
        Cases.text("/imports/envoy-partly.txt"), String.join("\n", imported.leftOut()) + "\n");
    assertEquals(
        List.of("path=/a*", "path=/api/*", "user"),
        specs(imported).getFirst().descriptors().stream().map(DescriptorSpec::text).toList());
  }

  @Test
  void everythingOfLimitadorThatHasACounterpartIsTakenOver() {
    Imported imported = imported(Format.LIMITADOR, "limitador-whole.yaml");
    assertEquals(List.of(), imported.leftOut());
    assertEquals(2, imported.notes().size(), imported.notes().toString());
    assertEquals(Cases.text("/imports/limitador-whole.limits.yaml"), imported.yaml());
  }

  @Test
  void whatLimitadorHasAloneIsReportedWithItsPlace() {
    Imported imported = imported(Format.LIMITADOR, "limitador-partly.yaml");
    assertEquals(
        Cases.text("/imports/limitador-partly.txt"), String.join("\n", imported.leftOut()) + "\n");
    assertEquals(
        List.of("user", "user=bob"),
        specs(imported).getFirst().descriptors().stream().map(DescriptorSpec::text).toList());
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNoSuchConfigurationIsRefused(Format format) {
    for (String yaml : List.of("", " \n", "text", "5", "[[", "a: [", "\t", "a: &a [*a]", "!!x 1")) {
      String message = refusal(format, yaml);
      assertTrue(message.startsWith("c.yaml:"), yaml + ": " + message);
      assertTrue(message.contains("; "), message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "descriptors: [] | c.yaml:1:1: domain: is missing; add the domain, such as domain: edge",
        "domain: a b | c.yaml:1:9: domain: 'a b' cannot be a namespace; rename it here and in"
            + " Envoy: 1 to 128 of A-Z a-z 0-9 . _ : -",
        "domain: [a] | c.yaml:1:9: domain: a list is not a text; write a text",
        "{domain: a, descriptors: {key: b}} | c.yaml:1:26: descriptors: an object is not a list;"
            + " write [{key: remote_address, rate_limit: {…}}]",
        "{domain: a, descriptors: [{value: b}]} | c.yaml:1:27: key: is missing; add"
            + " key: remote_address",
        "{domain: a, descriptors: [{key: b, rate_limit: {unit: fortnight, requests_per_unit: 1}}]}"
            + " | c.yaml:1:55: unit: 'fortnight' is not a unit; write second, minute, hour, day,"
            + " week, month or year",
        "{domain: a, descriptors: [{key: b, rate_limit: {unit: day, requests_per_unit: -1}}]}"
            + " | c.yaml:1:79: requests_per_unit: '-1' is out of bounds; write a whole number from"
            + " 0 to 4294967295",
        "{domain: a, descriptors: [{key: b, shadow_mode: maybe}]} | c.yaml:1:49: shadow_mode: is"
            + " not true or false; write true or false",
        "{domain: a, domain: b} | c.yaml:1:21: domain: is written twice; keep one of the two"
      })
  void aMistakeInEnvoysFileIsNamedWithItsPlace(String yaml, String message) {
    assertEquals(message, refusal(Format.ENVOY_RATELIMIT, yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "domain: edge | c.yaml:1:1: the file: an object is not a list; write a list of limits such"
            + " as [{namespace: api, max_value: 5, seconds: 60, conditions: [], variables: []}]",
        "[{max_value: 1, seconds: 1}] | c.yaml:1:2: namespace: is missing; add namespace: api",
        "[{namespace: a, seconds: 1}] | c.yaml:1:2: max_value: is missing; add max_value: 60",
        "[{namespace: a, max_value: 1, seconds: 1m}] | c.yaml:1:40: seconds: '1m' is not a whole"
            + " number; write a whole number from 0 to 9223372036854775807",
        "[] | c.yaml:1:1: the file: has no limit in a namespace whose name can be one here;"
            + " add one such as {namespace: api, max_value: 5, seconds: 60, conditions: [],"
            + " variables: []}"
      })
  void aMistakeInLimitadorsFileIsNamedWithItsPlace(String yaml, String message) {
    assertEquals(message, refusal(Format.LIMITADOR, yaml).lines().findFirst().orElseThrow());
  }

  @Test
  void whateverStandsInNamesTheLimitsFileCanBeUsed() {
    for (String odd :
        new String[] {
          "a\"b", "\\", "ğüş", "😀", "\\u0085", "\\x7F", "\\ufeff", "#", ": ", "null", "%"
        }) {
      String yaml =
          "domain: d\ndescriptors:\n  - key: \"k%s\"\n    value: \"%s\"\n    rate_limit:\n"
                  .formatted(
                      odd.replace("\"", "\\\"").replaceFirst("^\\\\$", "\\\\\\\\"),
                      odd.replace("\"", "\\\"").replaceFirst("^\\\\$", "\\\\\\\\"))
              + "      {unit: day, requests_per_unit: 3, name: \"n 1\"}\n";
      Imported imported = Imports.parse(Format.ENVOY_RATELIMIT, "c.yaml", yaml);
      DescriptorSpec spec = specs(imported).getFirst().descriptors().getFirst();
      String value = String.valueOf(spec.match().getFirst().value());
      assertEquals("k" + value, spec.match().getFirst().key());
      assertEquals("n_1", spec.limits().getFirst().name());
    }
  }

  @Test
  void whatIsTooMuchForOneLimitsFileIsRefused() {
    String many =
        IntStream.range(0, 10_001)
            .mapToObj(i -> "  - {key: k" + i + "}\n")
            .collect(Collectors.joining());
    assertEquals(
        "c.yaml:1:1: the file: descriptors: 10001 descriptors are too many; use at most 10000",
        refusal(Format.ENVOY_RATELIMIT, "domain: d\ndescriptors:\n" + many)
            .replace("c.yaml:1:1: descriptors", "c.yaml:1:1: the file: descriptors"));
  }

  @Test
  void aReportIsBounded() {
    String many =
        IntStream.range(0, 1_500)
            .mapToObj(i -> "  - {key: k" + i + ", quota_mode: true}\n")
            .collect(Collectors.joining());
    Imported imported =
        Imports.parse(Format.ENVOY_RATELIMIT, "c.yaml", "domain: d\ndescriptors:\n" + many);
    assertEquals(1_001, imported.leftOut().size());
    assertEquals("c.yaml: and 500 further parts", imported.leftOut().getLast());
  }

  @Test
  void aFileThatCannotBeReadIsRefused(@TempDir Path folder) {
    Path missing = folder.resolve("missing.yaml");
    ConfigException refused =
        assertThrows(ConfigException.class, () -> Imports.read(Format.LIMITADOR, missing));
    assertTrue(refused.getMessage().startsWith(missing + ": there is no such file"));
  }
}
