package io.tollgate.server.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A file of the repository in YAML, of which JSON is a part, or something in it.
 *
 * @param value a map, a list, a text or a number; null where there is nothing
 */
record Tree(@Nullable Object value) {

  /** Reads a file by its path in the repository. */
  static Tree read(String path) {
    try {
      String text = Files.readString(path(path));
      return new Tree(new Load(LoadSettings.builder().build()).loadFromString(text));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  /** Where a file of the repository is. */
  static Path path(String path) {
    return Path.of(System.getProperty("tollgate.root"), path);
  }

  /** What stands under a name, which may be nothing. */
  Tree at(String name) {
    return new Tree(value instanceof Map<?, ?> map ? map.get(name) : null);
  }

  /** The parts of a list; none where there is nothing. */
  Stream<Tree> each() {
    return value instanceof List<?> list ? list.stream().map(Tree::new) : Stream.empty();
  }

  /** The text, empty where there is nothing. */
  String text() {
    return value == null ? "" : value.toString();
  }

  /** All texts in it, however deep. */
  Stream<String> texts() {
    if (value instanceof Map<?, ?> map) {
      return map.values().stream().flatMap(part -> new Tree(part).texts());
    }
    return value instanceof List<?> ? each().flatMap(Tree::texts) : Stream.of(text());
  }

  /** Whether nothing is there. */
  boolean isAbsent() {
    return value == null;
  }
}
