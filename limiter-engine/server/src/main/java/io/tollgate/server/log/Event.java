package io.tollgate.server.log;

import java.text.MessageFormat;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a log line says.
 *
 * @param time when it was said
 * @param level as our settings name it
 * @param logger who says it
 * @param message its text, without bounds yet
 * @param fields what stands beside the message
 * @param error what went wrong
 * @param forPeople what takes the line's place in text
 */
record Event(
    Instant time,
    String level,
    String logger,
    String message,
    Map<String, String> fields,
    Optional<Throwable> error,
    Optional<String> forPeople) {

  static Event of(LogRecord record) {
    Map<String, String> fields = new LinkedHashMap<>();
    Optional<Throwable> error = Optional.ofNullable(record.getThrown());
    Optional<String> forPeople = Optional.empty();
    Object[] parameters =
        Objects.requireNonNullElseGet(record.getParameters(), () -> new Object[0]);
    for (Object parameter : parameters) {
      switch (parameter) {
        case LogFields more -> fields.putAll(more.values());
        case ForPeople people -> forPeople = Optional.of(people.text());
        case Throwable thrown -> error = error.or(() -> Optional.of(thrown));
        case null, default -> {}
      }
    }
    return new Event(
        record.getInstant(),
        level(record.getLevel()),
        Objects.requireNonNullElse(record.getLoggerName(), ""),
        message(Objects.requireNonNullElse(record.getMessage(), ""), parameters),
        fields,
        error,
        forPeople);
  }

  private static boolean standsBeside(@Nullable Object parameter) {
    return parameter instanceof LogFields
        || parameter instanceof ForPeople
        || parameter instanceof Throwable;
  }

  private static String level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return level.intValue() >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  /** As the JDK would say it, but for the machine's locale; a text without gaps stays as it is. */
  private static String message(String pattern, Object[] parameters) {
    if (Arrays.stream(parameters).allMatch(Event::standsBeside)) {
      return pattern;
    }
    try {
      return new MessageFormat(pattern, Locale.ROOT).format(parameters);
    } catch (IllegalArgumentException e) {
      return pattern;
    }
  }
}
