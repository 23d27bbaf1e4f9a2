package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The specs of Kong's plugin, {@code integrations/kong/spec}, each as a test; busted runs them. */
class KongSpecTest {

  /** They take a tenth of a second. */
  private static final int PATIENCE_SECONDS = 60;

  /** How busted says it (Test Anything Protocol). */
  private static final Pattern SPEC = Pattern.compile("(not )?ok [0-9]+ - (.*)");

  @TempDir private Path folder;

  private record Spec(String name, boolean holds, List<String> said) {

    void hold() {
      assertTrue(holds, () -> String.join("\n", said));
    }
  }

  @TestFactory
  List<DynamicTest> specs() throws Exception {
    Path log = folder.resolve("log");
    Process busted =
        new ProcessBuilder("busted", "--output=TAP")
            .directory(EnvoyFile.path("integrations/kong").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!busted.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      busted.destroyForcibly();
      throw new IOException("busted does not end: " + Files.readString(log));
    }
    List<String> lines = Files.readAllLines(log);
    List<Spec> specs = new ArrayList<>();
    for (String line : lines) {
      Matcher spec = SPEC.matcher(line);
      if (spec.matches()) {
        specs.add(new Spec(spec.group(2), spec.group(1) == null, new ArrayList<>()));
      } else if (!specs.isEmpty()) {
        specs.getLast().said().add(line);
      }
    }
    String said = String.join("\n", lines);
    assertTrue(lines.contains("1.." + specs.size()) && !specs.isEmpty(), said);
    assertEquals(specs.stream().allMatch(Spec::holds), busted.exitValue() == 0, said);
    return specs.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), spec::hold)).toList();
  }
}
