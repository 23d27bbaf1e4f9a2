package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people read who type {@code tollgate}. */
class CommandLineTest {

  private record Ended(int code, String out, String err) {}

  @TempDir Path temp;

  private Ended run(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Map<String, String> environment =
        Map.of("TOLLGATE_DATA_DIR", temp.resolve("data").toString(), "TOLLGATE_ADMIN_PORT", "0");
    int code =
        Commands.run(
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    return new Ended(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private Ended runLine(String line) {
    return run(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @Test
  void withoutACommandTheHelpGoesToStderr() {
    Ended ended = run();
    assertEquals(2, ended.code());
    assertEquals("", ended.out());
    assertEquals(run("--help").out(), ended.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serve ", "check-config ", "import ", "doctor ", "completion "})
  void aHelpFitsATerminalAndEndsWith0(String command) {
    Ended ended = runLine(command + "--help");
    assertEquals(0, ended.code());
    assertEquals("", ended.err());
    List<String> lines = ended.out().lines().toList();
    assertTrue(lines.stream().allMatch(line -> line.length() <= 80), ended.out());
    // The longest lists the 28 flags of a server.
    assertTrue(lines.size() <= (command.equals("serve ") ? 54 : 40), ended.out());
    assertTrue(ended.out().contains("Usage: tollgate " + command.strip()), ended.out());
  }

  @Test
  void theFirstHelpListsEveryCommand() {
    String help = run("--help").out();
    for (String command : List.of("serve", "check-config", "import", "doctor", "completion")) {
      assertTrue(help.contains("\n  " + command + " "), help);
    }
    assertTrue(help.contains("docs/environment.md"), help);
  }

  @Test
  void theHelpOfServeListsEveryFlagOfTheSettings() {
    String help = run("serve", "--help").out();
    String page = Markdown.page("docs/environment.md").text();
    List<String> flags =
        Pattern.compile("\\| `(--[a-z-]+)` \\|")
            .matcher(page)
            .results()
            .map(row -> row.group(1))
            .toList();
    assertFalse(flags.isEmpty());
    flags.forEach(flag -> assertTrue(help.contains("\n      " + flag + "="), flag));
  }

  @ParameterizedTest
  @ValueSource(strings = {"check-config", "import", "doctor", "completion"})
  void anExampleOfAHelpIsUnderstood(String command) {
    String help = run(command, "--help").out();
    List<String> examples =
        Pattern.compile("^  .*\\btollgate (" + command + "[^\"#)\n]*)", Pattern.MULTILINE)
            .matcher(help)
            .results()
            .map(MatchResult::group)
            .toList();
    assertFalse(examples.isEmpty(), help);
    for (String example : examples) {
      Ended ended = runLine(example.substring(example.indexOf("tollgate ") + 9).strip());
      assertFalse(ended.err().contains("Help: "), example + "\n" + ended.err());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "doctr, tollgate: there is no command 'doctr'; did you mean doctor?, tollgate",
    "help, tollgate: there is no command 'help', tollgate",
    "--json doctor, tollgate: there is no flag --json, tollgate",
    "serve --htp-port 1, tollgate serve: there is no flag --htp-port; did you mean --http-port?,"
        + " tollgate serve",
    "serve limits.yaml, tollgate serve: 'limits.yaml' is one argument too many, tollgate serve",
    "doctor --jsn, tollgate doctor: there is no flag --jsn; did you mean --json?, tollgate doctor",
    "import limitador, tollgate import: Missing required parameter: 'FILE', tollgate import",
    "check-config, tollgate check-config: Missing required parameter: 'FILE',"
        + " tollgate check-config",
  })
  void wrongArgumentsAreNamedWithTheNearestNameAndEndWith2(
      String line, String message, String command) {
    Ended ended = runLine(line);
    assertEquals(2, ended.code());
    assertEquals("", ended.out());
    assertEquals(message + "\nHelp: " + command + " --help\n", ended.err());
  }

  @ParameterizedTest
  @CsvSource({
    "--token=hunter2, --token, TOLLGATE_TOKEN",
    "--admin-token hunter2, --admin-token, TOLLGATE_ADMIN_TOKEN",
    "--hash-key=hunter2, --hash-key, TOLLGATE_HASH_KEY",
    "--redis-url redis://:hunter2@h, --redis-url, REDIS_URL",
    "--redis-password=hunter2, --redis-password, REDIS_PASSWORD",
    "--redis-sentinel-password=hunter2, --redis-sentinel-password, REDIS_SENTINEL_PASSWORD",
  })
  void aSecretAsAFlagIsNotRepeatedAndItsVariableIsNamed(String line, String flag, String variable) {
    Ended ended = runLine("serve " + line);
    assertEquals(2, ended.code());
    assertTrue(
        ended
            .err()
            .startsWith(
                "tollgate serve: there is no flag "
                    + flag
                    + "; the whole machine would see it, so set the variable "
                    + variable
                    + "\n"),
        ended.err());
    assertFalse(ended.err().contains("hunter2"), ended.err());
  }

  @Test
  void aDoctorWhoFindsSomethingWrongEndsWith2() {
    Ended ended = run("doctor", "--http-port", "many");
    assertEquals(2, ended.code());
    assertEquals("", ended.err());
    assertTrue(
        ended.out().startsWith("wrong    settings        --http-port=many is not a number"),
        ended.out());
    assertTrue(ended.out().endsWith("1 thing wrong, 0 warnings.\n"), ended.out());
  }

  @Test
  void aDoctorWhoFindsNothingWrongEndsWith0InEitherForm() {
    Ended text = run("doctor", "--http-port", "0");
    assertEquals(0, text.code(), text.out());
    assertTrue(text.out().startsWith("ok       settings        --http-port, TOLL"), text.out());
    Ended json = run("doctor", "--http-port", "0", "--json");
    assertEquals(0, json.code(), json.out());
    assertEquals(1, json.out().lines().count(), json.out());
    assertTrue(json.out().startsWith("{\"verdict\":\""), json.out());
  }
}
