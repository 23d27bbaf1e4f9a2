package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code tollgate import} writes where, and how it ends. */
class ImportCommandTest {

  private record Ended(int code, String out, String err) {}

  @TempDir Path temp;
  private Path whole = Path.of("");
  private Path partly = Path.of("");

  private static Ended run(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int code =
        Commands.run(
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            texts);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @BeforeEach
  void writeConfigurations() throws IOException {
    String rule = "domain: edge\ndescriptors:\n  - key: user\n    rate_limit: {unit: day, ";
    whole = Files.writeString(temp.resolve("whole.yaml"), rule + "requests_per_unit: 5}\n");
    partly = Files.writeString(temp.resolve("partly.yaml"), rule + "requests_per_unit: 0}\n");
  }

  @Test
  void whatItMakesCanBeUsed() throws IOException {
    Path made = temp.resolve("limits.yaml");
    Ended ended = run("import", "envoy-ratelimit", whole, "-o", made);
    assertEquals(new Ended(0, "", ""), ended);
    assertEquals(
        new Ended(0, "edge: 1 limit, 0 endpoints, 0 overrides, 1 descriptor\n", ""),
        run("check-config", made));
    assertEquals(new Ended(0, Files.readString(made), ""), run("import", "envoy-ratelimit", whole));
  }

  @Test
  void whatIsLeftOutIsOnStderrAndEndsWith1() {
    Ended ended = run("import", "envoy-ratelimit", partly);
    assertEquals(1, ended.code());
    assertEquals("version: 1\nnamespaces:\n  edge:\n    limits: []\n", ended.out());
    assertTrue(
        ended.err().startsWith(partly + ":4:48: /descriptors/0/rate_limit/requests_per_unit: 0 "),
        ended.err());
    assertEquals(1, ended.err().lines().count(), ended.err());
  }

  @Test
  void aFileThatIsThereIsReplacedOnlyByForce() throws IOException {
    Path made = Files.writeString(temp.resolve("limits.yaml"), "precious".repeat(100));
    Ended refused = run("import", "envoy-ratelimit", whole, "-o", made);
    assertEquals(2, refused.code());
    assertEquals(
        "tollgate import: " + made + " exists; name another file, or add --force to replace it\n",
        refused.err());
    assertEquals("precious".repeat(100), Files.readString(made));
    assertEquals(0, run("import", "envoy-ratelimit", whole, "-o", made, "--force").code());
    assertTrue(Files.readString(made).startsWith("version: 1\nnamespaces:\n  edge:\n"));
    assertEquals(0, run("check-config", made).code());
  }

  @Test
  void anOutputThatCannotBeWrittenEndsWith1() {
    Path nowhere = temp.resolve("no-such-folder").resolve("limits.yaml");
    Ended ended = run("import", "envoy-ratelimit", whole, "-o", nowhere);
    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("cannot be written"), ended.err());
  }

  @Test
  void badInputEndsWith2AndWritesNothing() throws IOException {
    Path bad = Files.writeString(temp.resolve("bad.yaml"), "domain: [");
    Path made = temp.resolve("limits.yaml");
    Ended ended = run("import", "envoy-ratelimit", bad, "-o", made);
    assertEquals(2, ended.code());
    assertTrue(ended.err().startsWith(bad + ":1:"), ended.err());
    assertFalse(Files.exists(made));
    assertEquals(2, run("import", "limitador", whole, "-o", made).code());
    assertEquals(2, run("import", "limitador", temp.resolve("missing.yaml")).code());
    assertFalse(Files.exists(made));
  }

  @Test
  void anUnknownFormatIsNamedWithTheNearestOne() {
    assertEquals(
        "tollgate import: there is no format 'envoy-ratelimt'; did you mean envoy-ratelimit?\n",
        run("import", "envoy-ratelimt", whole).err());
    Ended ended = run("import", "nginx", whole);
    assertEquals(
        new Ended(
            2,
            "",
            "tollgate import: there is no format 'nginx'; write envoy-ratelimit or limitador\n"),
        ended);
  }

  @Test
  void aNoteIsNoOmission() throws IOException {
    Path limits =
        Files.writeString(
            temp.resolve("limitador.yaml"),
            "- {namespace: api, max_value: 5, seconds: 60, conditions: [], variables: [user]}\n");
    Ended ended = run("import", "limitador", limits);
    assertEquals(0, ended.code());
    assertTrue(ended.err().startsWith("note: " + limits + ": a rule matches"), ended.err());
  }
}
