package io.tollgate.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

/**
 * Cases of bad input from a resource: a line of input, then its problems, each indented by two and
 * continued by four. Lines that begin with # are remarks.
 */
final class Cases {

  private Cases() {}

  static Stream<Arguments> read(String resource) {
    List<Arguments> cases = new ArrayList<>();
    String input = "";
    List<String> problems = new ArrayList<>();
    for (String line : text(resource).lines().filter(l -> !l.startsWith("#")).toList()) {
      if (line.startsWith("    ")) {
        problems.add(problems.removeLast() + " " + line.strip());
      } else if (line.startsWith("  ")) {
        problems.add(line.strip());
      } else if (!line.isBlank()) {
        if (!problems.isEmpty()) {
          cases.add(Arguments.of(input, List.copyOf(problems)));
        }
        problems.clear();
        input = line;
      }
    }
    cases.add(Arguments.of(input, List.copyOf(problems)));
    return cases.stream();
  }

  static String text(String resource) {
    try (@Nullable InputStream in = Cases.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
  }
}
