package io.tollgate.server.gateway;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The text of a file of {@code integrations/}, of which a test changes what it names, and nothing
 * without finding it.
 */
record EnvoyFile(String text) {

  /** A file by its path in the repository. */
  static EnvoyFile of(String path) {
    try {
      return new EnvoyFile(Files.readString(path(path)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  /** Where a file of the repository is. */
  static Path path(String path) {
    return Path.of(System.getProperty("tollgate.root"), path);
  }

  /** The same with other ports than those that it documents; Envoy chooses its own two. */
  EnvoyFile at(int tollgate, int application) {
    return with("port_value: 9901", "port_value: 0")
        .with("port_value: 10000", "port_value: 0")
        .with("port_value: 9090", "port_value: " + tollgate)
        .with("port_value: 8000", "port_value: " + application);
  }

  /** The same with another text in the one place where {@code old} stands. */
  EnvoyFile with(String old, String other) {
    int place = text.indexOf(old);
    if (place < 0 || text.indexOf(old, place + 1) >= 0) {
      throw new IllegalStateException("'" + old + "' stands not exactly once in:\n" + text);
    }
    return new EnvoyFile(text.replace(old, other));
  }

  /** What it says. */
  Object read() {
    return new Load(LoadSettings.builder().build()).loadFromString(text);
  }

  /** A file that says this. */
  static EnvoyFile saying(Object tree) {
    return new EnvoyFile(new Dump(DumpSettings.builder().build()).dumpToString(tree));
  }

  /** What stands in a tree at the end of a path of keys and places. */
  static Object at(Object tree, Object... path) {
    Object found = tree;
    for (Object step : path) {
      found =
          step instanceof Integer place
              ? ((List<?>) found).get(place)
              : Objects.requireNonNull(((Map<?, ?>) found).get(step), () -> "no " + step);
    }
    return found;
  }

  /** A map of a tree, to change it. */
  @SuppressWarnings("unchecked") // YAML has only such maps
  static Map<String, Object> map(Object tree, Object... path) {
    return (Map<String, Object>) at(tree, path);
  }

  /** A list of a tree, to change it. */
  @SuppressWarnings("unchecked") // a list holds what it holds
  static List<Object> list(Object tree, Object... path) {
    return (List<Object>) at(tree, path);
  }

  /** Two trees in one, as protobuf merges messages: maps by key, lists one after the other. */
  static Object merged(Object first, Object second) {
    if (first instanceof Map<?, ?> below && second instanceof Map<?, ?> above) {
      Map<Object, Object> both = new LinkedHashMap<>(below);
      above.forEach((key, value) ->
          both.merge(key, value, (Object older, Object newer) -> merged(older, newer)));
      return both;
    }
    if (first instanceof List<?> below && second instanceof List<?> above) {
      List<Object> both = new ArrayList<>(below);
      both.addAll(above);
      return both;
    }
    return second;
  }
}
