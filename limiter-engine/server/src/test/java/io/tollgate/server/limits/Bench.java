package io.tollgate.server.limits;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.server.config.LimitsFile;
import io.tollgate.server.config.NamespaceJson;
import io.tollgate.server.limits.LimitsInForce.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A limits file, a data folder and a clock of its own; nothing looks at the file but the test. */
final class Bench {

  static final Instant START = Instant.parse("2026-01-15T10:00:00Z");

  private static final long MINUTE = 60_000_000;

  final Path file;
  final Path data;
  final List<LimitsEvent> events = new ArrayList<>();
  Instant now = START;
  private int writes;

  Bench(Path folder) {
    this.file = folder.resolve("limits.yaml");
    this.data = folder.resolve("data");
  }

  /** A file with a namespace for each name, whose limit has this number. */
  static String yaml(int limit, String... names) {
    StringBuilder yaml = new StringBuilder("version: 1\nnamespaces:\n");
    for (String name : names) {
      yaml.append("  \"").append(name).append("\": ").append(json(limit)).append('\n');
    }
    return yaml.toString();
  }

  /** A namespace with one limit of this number, in canonical form. */
  static String json(int limit) {
    return "{\"limits\":[{\"name\":\"m\",\"algorithm\":\"gcra\",\"limit\":%d,\"period\":\"1m\"}]}"
        .formatted(limit);
  }

  /** Writes the file at a time of its own: two writes of a test may share the system's tick. */
  void write(String yaml) throws IOException {
    Files.writeString(file, yaml);
    Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(++writes)));
  }

  LimitsInForce openFile() throws IOException {
    return open(new Origin.File(file));
  }

  LimitsInForce openBuiltIn() throws IOException {
    return open(new Origin.BuiltIn(LimitsFile.builtInExample(100, MINUTE)));
  }

  private LimitsInForce open(Origin origin) throws IOException {
    return LimitsInForce.unwatched(origin, Optional.of(data), events::add, () -> now);
  }

  /** What the API shows of a namespace of its own with one limit of this number. */
  static NamespaceView view(String name, int limit) {
    return new NamespaceView(name, false, NamespaceJson.parse(name, json(limit)));
  }

  /** Two looks, as the timer takes them once a change is over. */
  static void settle(LimitsInForce limits) {
    limits.poll();
    limits.poll();
  }

  /** The events since the last call, in words. */
  List<String> told() {
    List<String> texts = events.stream().map(LimitsEvent::text).toList();
    events.clear();
    return texts;
  }

  /** What a catalog does for a name, as {@link #json} writes it; empty when nothing answers. */
  static String answer(Catalog catalog, String name) {
    return catalog.find(name).map(NamespaceLimits::spec).map(NamespaceJson::write).orElse("");
  }

  /** Everything in force: names with what the API shows, which is what the catalog does. */
  static String all(LimitsInForce limits) {
    return limits.list().stream()
        .map(view -> {
          String compiled = answer(limits.catalog(), view.name());
          String shown = compiled.equals(view.json()) ? "" : " but checks see " + compiled;
          return view.name() + (view.readOnly() ? "!" : "") + "=" + number(view.json()) + shown;
        })
        .collect(Collectors.joining(" "));
  }

  private static String number(String json) {
    return json.replaceFirst(".*?\"limit\":([0-9]+).*", "$1");
  }

  static Change.Invalid invalid(Change change) {
    return assertInstanceOf(Change.Invalid.class, change);
  }

  static Change.Unavailable unavailable(Change change) {
    return assertInstanceOf(Change.Unavailable.class, change);
  }
}
