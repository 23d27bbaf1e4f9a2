package io.tollgate.server.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much the server says on stderr; each level says what those after it say, and more. */
public enum LogLevel {
  /** Everything. */
  DEBUG,
  /** Starts, stops and changes. */
  INFO,
  /** What an operator should look at. */
  WARN,
  /** What went wrong. */
  ERROR;

  /** Whether a server of this level says what has that one. */
  public boolean says(LogLevel other) {
    return compareTo(other) <= 0;
  }

  static LogLevel read(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.LOG_LEVEL);
    Optional<LogLevel> level = setting.flatMap(s -> named(s.text()));
    if (setting.isPresent() && level.isEmpty()) {
      setting.get().problem("is not a level", "use debug, info, warn or error");
    }
    return level.orElse(INFO);
  }

  private static Optional<LogLevel> named(String text) {
    return Arrays.stream(values())
        .filter(level -> level.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst();
  }
}
