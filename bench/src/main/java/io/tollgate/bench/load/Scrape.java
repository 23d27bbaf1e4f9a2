package io.tollgate.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What our server counts.
 *
 * @param text that of {@code /metrics}
 */
record Scrape(String text) {

  private static final Pattern ALLOWED =
      Pattern.compile(
          "^tollgate_checks_total\\{[^}]*decision=\"allowed\"[^}]*} ([0-9.Ee+]+)$",
          Pattern.MULTILINE);

  private static final Pattern OPENED =
      Pattern.compile(
          "^tollgate_http_connections_accepted_total\\{port=\"checks\"} ([0-9.Ee+]+)$",
          Pattern.MULTILINE);

  /** Asks the server's admin port. */
  static Scrape at(int adminPort) throws IOException {
    try (InputStream in =
        URI.create("http://127.0.0.1:" + adminPort + "/metrics").toURL().openStream()) {
      return new Scrape(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Checks that it has allowed since its start. */
  long allowed() {
    return sum(ALLOWED);
  }

  /** Connections over HTTP that it has taken since its start. */
  long opened() {
    return sum(OPENED);
  }

  private long sum(Pattern counter) {
    return counter
        .matcher(text)
        .results()
        .mapToLong(found -> (long) Double.parseDouble(found.group(1)))
        .sum();
  }
}
