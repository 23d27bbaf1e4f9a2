package io.tollgate.server.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.Markdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/environment.md to what the settings really are. */
class EnvironmentDocTest {

  private static final Markdown PAGE = Markdown.page("docs/environment.md");
  private static final Pattern NAME = Pattern.compile("`([A-Z_]+)`");

  @Test
  void theTablesNameEveryVariableAndNoOther() {
    Set<String> documented = new TreeSet<>();
    PAGE.firstCells()
        .forEach(cell -> NAME.matcher(cell).results().forEach(r -> documented.add(r.group(1))));
    Set<String> known = new TreeSet<>(NotYet.names());
    Arrays.stream(Variable.values()).map(Variable::variableName).forEach(known::add);
    assertEquals(known, documented);
  }

  @Test
  void everyFlagStandsBesideItsVariable() {
    for (Variable variable : Variable.values()) {
      String flag = variable.flag().map(f -> "`" + f + "`").orElse("");
      String row = ("| `" + variable.variableName() + "` | " + flag).strip();
      assertTrue(PAGE.text().contains(row), row);
    }
  }

  @Test
  void everyExampleIsAccepted(@TempDir Path folder) throws IOException {
    // The files of the examples' secrets are not on this machine.
    Path token = Files.writeString(folder.resolve("token"), "t");
    List<String> lines =
        Stream.of(PAGE, Markdown.page("docs/redis.md"))
            .flatMap(page -> page.blocks().stream())
            .filter(block -> block.language().equals("sh"))
            .flatMap(block -> block.text().lines())
            .filter(line -> line.contains("dist/bin/tollgate"))
            .map(line -> line.replaceAll("/run/secrets/[a-z]+", token.toString()))
            .toList();
    assertFalse(lines.isEmpty());
    lines.forEach(EnvironmentDocTest::requireAccepted);
  }

  private static void requireAccepted(String line) {
    List<String> words = List.of(line.split(" "));
    int command = words.indexOf("dist/bin/tollgate");
    assertEquals("serve", words.get(command + 1), line);
    Map<String, String> environment = new HashMap<>();
    for (String assignment : words.subList(0, command)) {
      int equals = assignment.indexOf('=');
      environment.put(assignment.substring(0, equals), assignment.substring(equals + 1));
    }
    Map<String, String> flags = new HashMap<>();
    for (int i = command + 2; i < words.size(); i += 2) {
      flags.put(words.get(i), words.get(i + 1));
    }
    Set<String> known =
        Arrays.stream(Variable.values())
            .flatMap(variable -> variable.flag().stream())
            .collect(Collectors.toSet());
    assertTrue(known.containsAll(flags.keySet()), line);
    assertNotEquals(Settings.of(Map.of(), Map.of()), Settings.of(flags, environment), line);
  }
}
