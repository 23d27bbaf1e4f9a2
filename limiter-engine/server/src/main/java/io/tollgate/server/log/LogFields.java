package io.tollgate.server.log;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Named values beside the message of a log line. Passed as a parameter of {@code
 * System.Logger.log}, in any place, also beside a Throwable:
 *
 * <pre>{@code
 * LOG.log(Level.ERROR, "answering a check", LogFields.requestId(id), exception);
 * }</pre>
 *
 * @param values the values by name; the names of a line's own fields are refused
 */
public record LogFields(Map<String, String> values) {

  private static final Pattern NAME =
      Pattern.compile("(?!(time|level|logger|message|error)$)[a-z][a-z_]{0,31}");

  /** Takes a copy, in the same order. */
  public LogFields {
    values = new LinkedHashMap<>(values);
    for (String name : values.keySet()) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is no name of a log line's field");
      }
    }
  }

  /** The request that the line is about. */
  public static LogFields requestId(String id) {
    return of("request_id", id);
  }

  /** One value. */
  public static LogFields of(String name, String value) {
    return new LogFields(Map.of(name, value));
  }

  /** These and one more. */
  public LogFields and(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new LogFields(more);
  }
}
