package io.tollgate.bench.load;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@link DirectDriver} has measured.
 *
 * @param closed its closed loop
 * @param own processor time of its process
 * @param redis processor time of Redis
 */
record Driven(Closed closed, CpuTime own, CpuTime redis) {

  private static final Pattern LINE =
      Pattern.compile(
          "^driven answers=(\\d+) seconds=([0-9.]+) errors=(\\d+)"
              + " own=(\\d+)\\+(\\d+) redis=(\\d+)\\+(\\d+)$",
          Pattern.MULTILINE);

  /** The line that the driver prints. */
  String text() {
    return String.format(
        Locale.ROOT,
        "driven answers=%d seconds=%.6f errors=%d own=%d+%d redis=%d+%d",
        closed.answers(),
        closed.seconds(),
        closed.errors(),
        own.userTicks(),
        own.systemTicks(),
        redis.userTicks(),
        redis.systemTicks());
  }

  /**
   * Finds that line.
   *
   * @throws IllegalArgumentException when it is missing
   */
  static Driven of(String output) {
    Matcher matcher = LINE.matcher(output);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no line of the driver in: " + output);
    }
    return new Driven(
        new Closed(
            Long.parseLong(matcher.group(1)),
            Double.parseDouble(matcher.group(2)),
            Long.parseLong(matcher.group(3))),
        new CpuTime(Long.parseLong(matcher.group(4)), Long.parseLong(matcher.group(5))),
        new CpuTime(Long.parseLong(matcher.group(6)), Long.parseLong(matcher.group(7))));
  }
}
