package io.tollgate.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds every library of every module, tests' and tools' too, to the versions in floors. */
class FloorsTest {
  @Test
  void noLibraryIsBelowItsFloor() throws IOException {
    List<Floor> floors = Floor.parse(Files.readAllLines(Repository.root().resolve("floors")));
    List<Library> libraries = libraries();
    List<String> below = new ArrayList<>();
    for (Floor floor : floors) {
      for (Library library : libraries) {
        if (floor.covers(library) && !floor.allows(library)) {
          below.add(library + ": least " + floor.least() + ", " + floor.reason());
        }
      }
    }
    assertFalse(floors.isEmpty(), "the file floors is empty");
    assertTrue(below.isEmpty(), () -> "raise in the root pom.xml:\n" + String.join("\n", below));
  }

  @Test
  void nettyHasOneVersion() {
    var versions =
        libraries().stream()
            .filter(library -> library.group().equals("io.netty"))
            .map(Library::version)
            .collect(Collectors.toSet());
    assertEquals(1, versions.size(), () -> "import netty-bom first; found " + versions);
  }

  @ParameterizedTest
  @CsvSource({
    "4.2.18.Final, 4.2.18.Final, 0",
    "4.2.9.Final, 4.2.18.Final, -1",
    "4.2.20.Final, 4.2.18, 1",
    "1.85, 1.85.0, 0",
    "2.0.0-rc1, 2.0.0, -1",
    "2.0.0-beta-2, 2.0.0, -1",
    "33.4.8-jre, 33.4.8, 0",
    "10.0, 9.9.9, 1"
  })
  void versionsAreOrderedByNumber(String left, String right, int order) {
    assertEquals(order, Integer.signum(Versions.compare(left, right)));
    assertEquals(-order, Integer.signum(Versions.compare(right, left)));
  }

  /** A module that left no list fails only the tests that read it. */
  private static List<Library> libraries() {
    return Library.resolved(Repository.root(), Repository.paths());
  }
}
