package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.text.Shown;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes limits files of other limiters' configurations. */
public final class Imports {

  /** A report with more is not read line by line any more. */
  private static final int MOST_LINES = 1_000;

  /** Whose configuration is read. */
  public enum Format {
    /** A domain of Envoy's rate limit service. */
    ENVOY_RATELIMIT("envoy-ratelimit"),
    /** The limits of Limitador. */
    LIMITADOR("limitador");

    private final String text;

    Format(String text) {
      this.text = text;
    }

    /** The name on the command line. */
    public String text() {
      return text;
    }

    /** The format of a name; empty when there is none. */
    public static Optional<Format> of(String name) {
      return Arrays.stream(values()).filter(format -> format.text.equals(name)).findFirst();
    }
  }

  private final String fileName;
  private final List<String> leftOut = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private int further;

  private Imports(String fileName) {
    this.fileName = fileName;
  }

  /**
   * The limits file of a file of at most 8 MiB of UTF-8.
   *
   * @throws ConfigException when it cannot be read, or is no such configuration
   */
  public static Imported read(Format format, Path path) {
    return parse(format, path.toString(), LimitsFile.text(path));
  }

  /**
   * The limits file of a configuration's text.
   *
   * @param fileName how messages call it
   * @throws ConfigException when it is no such configuration
   */
  public static Imported parse(Format format, String fileName, String yaml) {
    if (yaml.isBlank()) {
      throw ConfigException.wholeFile(
          fileName, "is empty", "give the path of a configuration for " + format.text);
    }
    Problems problems = new Problems();
    Imports imports = new Imports(fileName);
    List<NamespaceSpec> namespaces =
        YamlReader.read(yaml, problems)
            .map(root -> imports.namespaces(format, Value.root(root, "the file", problems)))
            .orElse(List.of());
    problems.throwIfAny(fileName);
    return imports.imported(namespaces);
  }

  private List<NamespaceSpec> namespaces(Format format, Value root) {
    try {
      return switch (format) {
        case ENVOY_RATELIMIT -> EnvoyImport.read(root, this);
        case LIMITADOR -> LimitadorImport.read(root, this);
      };
    } catch (InvalidLimitException refusal) {
      root.invalid(refusal.field() + ": " + refusal.detail(), refusal.fix());
      return List.of();
    }
  }

  private Imported imported(List<NamespaceSpec> namespaces) {
    if (further > 0) {
      leftOut.add(fileName + ": and " + further + " further parts");
    }
    String text = LimitsText.write(namespaces);
    try {
      var _ = LimitsFile.parse("the limits file of it", text);
    } catch (ConfigException refusal) {
      String what = refusal.problems().getFirst().message();
      throw ConfigException.wholeFile(
          fileName, "makes no limits file: " + what, "split it over several");
    }
    return new Imported(text, leftOut, notes);
  }

  /** Says that a part of the file is not in the limits file. */
  void leftOut(Value part, String what, String fix) {
    if (leftOut.size() == MOST_LINES) {
      further++;
      return;
    }
    leftOut.add(
        fileName
            + ":"
            + part.at()
            + ": "
            + Shown.line(part.pointer() + ": " + what, 400)
            + "; "
            + Shown.line(fix, 400));
  }

  /** Says what is in the limits file, but not quite the same. */
  void note(String note) {
    String line = fileName + ": " + note;
    if (!notes.contains(line)) {
      notes.add(line);
    }
  }

  /** Reads parts by another function than the usual one for values of our own files. */
  static <T> List<T> each(Optional<List<Value>> values, Function<Value, Optional<T>> reader) {
    List<T> read = new ArrayList<>();
    values.orElse(List.of()).forEach(value -> reader.apply(value).ifPresent(read::add));
    return read;
  }
}
