package io.tollgate.checks;

import java.util.List;
import java.util.Set;

/**
 * One text file of the repository.
 *
 * @param path relative to the root, with slashes
 * @param text the whole content, line ends as they are
 */
record Source(String path, String text) {
  private static final Set<String> CODE =
      Set.of("java", "sh", "sql", "c", "h", "lua", "py", "ts", "tsx", "js", "go", "rb");

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The part of the name after its last dot, or an empty string. */
  String extension() {
    int dot = name().lastIndexOf('.');
    return dot < 0 ? "" : name().substring(dot + 1);
  }

  boolean isJava() {
    return extension().equals("java");
  }

  boolean isMarkdown() {
    return extension().equals("md");
  }

  boolean isCode() {
    return CODE.contains(extension()) || name().equals("Makefile") || text.startsWith("#!");
  }

  /** The lines without their ends; a last newline opens no further line. */
  List<String> lines() {
    return text.lines().toList();
  }
}
