package io.tollgate.bench.load;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What our server has decided without Redis: that costs less, and counts for nothing.
 *
 * @param checks how many checks
 * @param why what Redis has not decided, by fault; empty when there is none
 */
record Degraded(long checks, String why) {

  private static final Pattern CHECKS =
      Pattern.compile("^tollgate_checks_degraded_total ([0-9.Ee+]+)$", Pattern.MULTILINE);

  private static final Pattern FAULT =
      Pattern.compile(
          "^tollgate_redis_failures_total\\{fault=\"(\\w+)\"} ([0-9.Ee+]+)$", Pattern.MULTILINE);

  /** Asks the server's admin port. */
  static Degraded at(int adminPort) throws IOException {
    return parse(Scrape.at(adminPort).text());
  }

  /**
   * Reads the text of {@code /metrics}.
   *
   * @throws IllegalArgumentException when the counter is missing: counters are not in Redis
   */
  static Degraded parse(String metrics) {
    Matcher checks = CHECKS.matcher(metrics);
    if (!checks.find()) {
      throw new IllegalArgumentException("no tollgate_checks_degraded_total in: " + metrics);
    }
    String why =
        FAULT
            .matcher(metrics)
            .results()
            .filter(fault -> Double.parseDouble(fault.group(2)) > 0)
            .map(fault -> fault.group(1) + " " + (long) Double.parseDouble(fault.group(2)))
            .collect(Collectors.joining(", "));
    return new Degraded((long) Double.parseDouble(checks.group(1)), why);
  }

  /** What was decided since an earlier reading; why, since the start. */
  Degraded since(Degraded earlier) {
    return new Degraded(checks - earlier.checks, why);
  }

  /** In a few words. */
  String text() {
    return checks + " checks were decided without Redis (" + why + ")";
  }
}
