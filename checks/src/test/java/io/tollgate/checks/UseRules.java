package io.tollgate.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Rules that find files which nothing uses. */
final class UseRules {
  private static final String TEST_RESOURCES = "/src/test/resources/";

  /** Found by their libraries under these names; nobody has to name them. */
  private static final Set<String> BY_CONVENTION =
      Set.of("junit-platform.properties", "archunit.properties", "logback-test.xml");

  private UseRules() {}

  /** Scripts under tools/ that no other file names. */
  static List<Finding> unusedScripts(List<String> paths, List<Source> sources) {
    return unused(
        paths,
        sources,
        path -> path.startsWith("tools/"),
        source -> true,
        "no other file names it; use it or remove it");
  }

  /** Test resources that no source of tests, script or build file names. */
  static List<Finding> unusedTestResources(List<String> paths, List<Source> sources) {
    return unused(
        paths,
        sources,
        path ->
            path.contains(TEST_RESOURCES)
                && !path.contains("/META-INF/services/")
                && !BY_CONVENTION.contains(nameOf(path)),
        source -> source.isCode() || source.extension().equals("xml"),
        "no test names it; use it or remove it");
  }

  private static List<Finding> unused(
      List<String> paths,
      List<Source> sources,
      Predicate<String> mustBeUsed,
      Predicate<Source> mayUse,
      String fix) {
    List<Finding> findings = new ArrayList<>();
    for (String path : paths) {
      if (!mustBeUsed.test(path)) {
        continue;
      }
      boolean used =
          sources.stream()
              .filter(source -> !source.path().equals(path) && mayUse.test(source))
              .anyMatch(source -> names(source.text(), path));
      if (!used) {
        findings.add(new Finding(path, 1, fix));
      }
    }
    return findings;
  }

  /** A text names a file by its name, or a whole folder of resources by the folder's path. */
  private static boolean names(String text, String path) {
    if (text.contains(nameOf(path))) {
      return true;
    }
    int resources = path.indexOf(TEST_RESOURCES);
    if (resources < 0) {
      return false;
    }
    String inside = path.substring(resources + TEST_RESOURCES.length());
    int slash = inside.lastIndexOf('/');
    return slash > 0 && text.contains("/" + inside.substring(0, slash) + "/");
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
