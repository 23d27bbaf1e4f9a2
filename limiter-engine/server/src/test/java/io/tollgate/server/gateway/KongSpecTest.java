package io.tollgate.server.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.address.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The specs of Kong's plugin, {@code integrations/kong/spec}, each as a test; busted runs them. */
class KongSpecTest {

  private static final Path NOTHING = Path.of("/dev/null");

  private static final int ADDRESSES = 2_000;

  /** They take a tenth of a second. */
  private static final int PATIENCE_SECONDS = 60;

  /** How busted says it (Test Anything Protocol). */
  private static final Pattern SPEC = Pattern.compile("(not )?ok [0-9]+ - (.*)");

  @TempDir private Path folder;

  private record Ended(int status, List<String> lines) {}

  private record Spec(String name, boolean holds, List<String> said) {

    void hold() {
      assertTrue(holds, () -> String.join("\n", said));
    }
  }

  @TestFactory
  List<DynamicTest> specs() throws Exception {
    Ended busted = run(NOTHING, "busted", "--output=TAP");
    List<Spec> specs = new ArrayList<>();
    for (String line : busted.lines()) {
      Matcher spec = SPEC.matcher(line);
      if (spec.matches()) {
        specs.add(new Spec(spec.group(2), spec.group(1) == null, new ArrayList<>()));
      } else if (!specs.isEmpty()) {
        specs.getLast().said().add(line);
      }
    }
    String said = String.join("\n", busted.lines());
    assertTrue(busted.lines().contains("1.." + specs.size()) && !specs.isEmpty(), said);
    assertEquals(specs.stream().allMatch(Spec::holds), busted.status() == 0, said);
    return specs.stream().map(spec -> DynamicTest.dynamicTest(spec.name(), spec::hold)).toList();
  }

  /** Else a client would have a counter at each door. */
  @Test
  void anAddressIsSpelledAsAtTheOtherDoors() throws Exception {
    Random random = new Random(20260115);
    List<String> addresses = new ArrayList<>(List.of("::ffff:10.1.2.3", "::", "255.0.0.1"));
    while (addresses.size() < ADDRESSES) {
      addresses.add(address(random));
    }
    Path asked = Files.write(folder.resolve("addresses"), addresses);
    Ended lua =
        run(
            asked,
            "lua5.1",
            "-e",
            "local question = require 'kong.plugins.tollgate.question' "
                + "for line in io.lines() do print(question.client(line)) end");
    assertEquals(
        addresses.stream().map(text -> Address.parse(text).orElseThrow().client()).toList(),
        lua.lines());
  }

  /** One of IPv6, with many zeros, often with the first ones of them left out. */
  private static String address(Random random) {
    String text =
        IntStream.range(0, 8)
            .mapToObj(i -> random.nextBoolean() ? "0" : Integer.toHexString(random.nextInt(65536)))
            .collect(Collectors.joining(":"));
    return random.nextBoolean() ? text.replaceFirst("(^|:)0(:0)+(:|$)", "::") : text;
  }

  private Ended run(Path input, String... command) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(EnvoyFile.path("integrations/kong").toFile())
            .redirectErrorStream(true)
            .redirectInput(input.toFile())
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command[0] + " does not end: " + Files.readString(log));
    }
    return new Ended(process.exitValue(), Files.readAllLines(log));
  }
}
