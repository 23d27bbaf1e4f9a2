package io.tollgate.server.settings;

import java.util.Locale;
import java.util.Optional;

/** How a log line on stderr is written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** For programs: an object of JSON on each line. */
  JSON;

  static LogFormat read(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.LOG_FORMAT);
    Optional<LogFormat> format = setting.flatMap(s -> named(s.text()));
    if (setting.isPresent() && format.isEmpty()) {
      setting.get().problem("is not a format", "use text or json");
    }
    return format.orElse(JSON);
  }

  private static Optional<LogFormat> named(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "text" -> Optional.of(TEXT);
      case "json" -> Optional.of(JSON);
      default -> Optional.empty();
    };
  }
}
