package io.tollgate.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A library in the resolved tree of a module.
 *
 * @param module folder of the module
 */
record Library(String module, String group, String artifact, String version) {
  /** Where every module's build leaves its list (see the root pom). */
  static final String LIST = "target/dependencies.txt";

  /** The libraries of all modules. A module without a list is an error, not an empty list. */
  static List<Library> resolved(Path root, List<String> paths) {
    List<Library> libraries = new ArrayList<>();
    for (String path : paths) {
      if (path.endsWith("/pom.xml")) {
        String module = path.substring(0, path.lastIndexOf('/'));
        libraries.addAll(parse(module, list(root, module)));
      }
    }
    return List.copyOf(libraries);
  }

  /** Lines such as {@code io.netty:netty-common:jar:4.2.20.Final:compile -- module …}. */
  static List<Library> parse(String module, List<String> lines) {
    List<Library> libraries = new ArrayList<>();
    for (String line : lines) {
      String[] parts = line.strip().split("\\s+", 2)[0].split(":", -1);
      if (parts.length >= 5) {
        libraries.add(new Library(module, parts[0], parts[1], parts[parts.length - 2]));
      }
    }
    return libraries;
  }

  private static List<String> list(Path root, String module) {
    Path file = root.resolve(module).resolve(LIST);
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new IllegalStateException(
          module + " left no " + LIST + "; run make test, which builds every module", e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  @Override
  public String toString() {
    return group + ":" + artifact + ":" + version + " in " + module;
  }
}
