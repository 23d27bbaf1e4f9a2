package io.tollgate.checks;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Reads the whole repository; each message names file, line and what to do. */
class TidyTest {
  private static final List<String> PATHS = Repository.paths();
  private static final List<Source> SOURCES = Repository.sources();

  @Test
  void noLineIsTooLong() {
    nothingFound(inEach(TextRules::longLines));
  }

  @Test
  void noMarkerIsLeftOver() {
    nothingFound(inEach(TextRules::markers));
  }

  @Test
  void noBlankIsOutOfPlace() {
    nothingFound(inEach(TextRules::blanks));
  }

  @Test
  void noRegistryIsNamed() {
    nothingFound(inEach(TextRules::registries));
  }

  @Test
  void noJavaFileIsTooLong() {
    nothingFound(JavaRules.longFiles(SOURCES));
  }

  @Test
  void noMethodIsTooLong() {
    nothingFound(JavaRules.longMethods(SOURCES));
  }

  @Test
  void everyPackageSaysWhatItOwns() {
    nothingFound(JavaRules.packageDocs(SOURCES));
  }

  @Test
  void everyLinkLeadsSomewhere() {
    nothingFound(MarkdownRules.brokenLinks(SOURCES));
  }

  @Test
  void everyPageIsLinked() {
    nothingFound(MarkdownRules.unreachablePages(SOURCES));
  }

  @Test
  void everyScriptIsUsed() {
    nothingFound(UseRules.unusedScripts(PATHS, SOURCES));
  }

  @Test
  void everyTestResourceIsUsed() {
    nothingFound(UseRules.unusedTestResources(PATHS, SOURCES));
  }

  private static List<Finding> inEach(Function<Source, List<Finding>> rule) {
    return SOURCES.stream().map(rule).flatMap(List::stream).toList();
  }

  private static void nothingFound(List<Finding> findings) {
    if (!findings.isEmpty()) {
      fail(
          findings.stream()
              .map(Finding::toString)
              .collect(Collectors.joining("\n", findings.size() + " to put right:\n", "")));
    }
  }
}
