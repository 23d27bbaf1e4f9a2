package io.tollgate.bench.load;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a closed loop at full speed has shown, as its tool says it.
 *
 * @param answers whole answers
 * @param seconds for how long it ran
 * @param errors of sockets, time-outs, and answers of another status than 2xx and 3xx
 */
record Closed(long answers, double seconds, long errors) {

  private static final Pattern WRK =
      Pattern.compile("^tollgate answers=(\\d+) micros=(\\d+) errors=(\\d+)$", Pattern.MULTILINE);

  private static final Pattern H2LOAD_TIME =
      Pattern.compile("^finished in ([0-9.]+)(us|ms|s|m), ", Pattern.MULTILINE);

  private static final Pattern H2LOAD_REQUESTS =
      Pattern.compile(
          "^requests: \\d+ total, \\d+ started, \\d+ done, (\\d+) succeeded,"
              + " (\\d+) failed, (\\d+) errored, (\\d+) timeout$",
          Pattern.MULTILINE);

  /** Reads the line that our script for wrk prints at its end. */
  static Closed ofWrk(String output) {
    Matcher matcher = found(WRK, output, "wrk");
    return new Closed(
        Long.parseLong(matcher.group(1)),
        Long.parseLong(matcher.group(2)) / 1e6,
        Long.parseLong(matcher.group(3)));
  }

  /** Reads h2load's summary. */
  static Closed ofH2load(String output) {
    Matcher time = found(H2LOAD_TIME, output, "h2load");
    Matcher requests = found(H2LOAD_REQUESTS, output, "h2load");
    double unit =
        switch (time.group(2)) {
          case "us" -> 1e-6;
          case "ms" -> 1e-3;
          case "m" -> 60;
          default -> 1;
        };
    // Failed ones include the errored and those that timed out.
    return new Closed(
        Long.parseLong(requests.group(1)),
        Double.parseDouble(time.group(1)) * unit,
        Long.parseLong(requests.group(2)));
  }

  private static Matcher found(Pattern pattern, String output, String tool) {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no summary of " + tool + " in: " + output);
    }
    return matcher;
  }

  /** Answers a second. */
  double perSecond() {
    return answers / seconds;
  }
}
