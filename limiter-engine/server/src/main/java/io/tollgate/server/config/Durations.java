package io.tollgate.server.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: a whole number with its unit. */
final class Durations {

  static final long MILLISECOND = 1_000;
  static final long SECOND = 1_000 * MILLISECOND;
  static final long HOUR = 3_600 * SECOND;
  static final long DAY = 24 * HOUR;

  private static final Map<String, Long> UNITS =
      Map.of("ms", MILLISECOND, "s", SECOND, "m", 60 * SECOND, "h", HOUR, "d", DAY);

  private static final List<String> LARGEST_FIRST = List.of("d", "h", "m", "s", "ms");

  /** Nine digits of the largest unit still fit a long. */
  private static final long MOST_OF_A_UNIT = 999_999_999;

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private static final Pattern BARE = Pattern.compile("[0-9]{1,9}");
  private static final Pattern WEEKS = Pattern.compile("([0-9]{1,2})w");

  private Durations() {}

  /**
   * Bounds of a duration.
   *
   * @param text the bounds as people write them
   */
  record Range(long leastMicros, long mostMicros, String text) {

    boolean includes(long micros) {
      return micros >= leastMicros && micros <= mostMicros;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** What a text is as a duration. */
  sealed interface Parsed {

    /** A duration. */
    record Span(long micros) implements Parsed {}

    /** None; says what to write. */
    record Wrong(String fix) implements Parsed {}
  }

  /**
   * A duration in its largest whole unit, so that {@link #parse} gives it again.
   *
   * @throws IllegalArgumentException when it is not a whole number of milliseconds, or too many
   */
  static String text(long micros) {
    for (String unit : LARGEST_FIRST) {
      long size = UNITS.getOrDefault(unit, 0L);
      if (micros % size == 0 && micros / size > 0 && micros / size <= MOST_OF_A_UNIT) {
        return micros / size + unit;
      }
    }
    throw new IllegalArgumentException(micros + " µs cannot be written as a duration");
  }

  static Parsed parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      long unit = UNITS.getOrDefault(matcher.group(2), 0L);
      return new Parsed.Span(Long.parseLong(matcher.group(1)) * unit);
    }
    if (BARE.matcher(text).matches()) {
      return new Parsed.Wrong("add the unit: " + text + "s for seconds, or ms, m, h, d");
    }
    Matcher weeks = WEEKS.matcher(text);
    if (weeks.matches()) {
      return new Parsed.Wrong("write days: " + 7 * Integer.parseInt(weeks.group(1)) + "d");
    }
    return new Parsed.Wrong("write a whole number with its unit, such as 250ms, 1s, 5m, 1h or 1d");
  }
}
