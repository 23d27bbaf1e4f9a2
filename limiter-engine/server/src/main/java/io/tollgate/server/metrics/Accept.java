package io.tollgate.server.metrics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an Accept header (RFC 9110, section 12.5.1) as far as two formats need it. */
final class Accept {

  private static final Pattern QUALITY =
      Pattern.compile(";\\s*q\\s*=\\s*(1(?:\\.0{0,3})?|0(?:\\.[0-9]{0,3})?)\\s*(?:;|$)");

  private Accept() {}

  /** Whether OpenMetrics is wanted at least as much as plain text. */
  static boolean prefersOpenMetrics(String header) {
    int openMetrics = quality(header, "application/openmetrics-text");
    return openMetrics > 0 && openMetrics >= text(header);
  }

  private static int text(String header) {
    for (String range : new String[] {"text/plain", "text/*", "*/*"}) {
      int quality = quality(header, range);
      if (quality >= 0) {
        return quality;
      }
    }
    return 0;
  }

  /** In thousandths; of several mentions the highest, -1 when there is none. */
  private static int quality(String header, String range) {
    int highest = -1;
    for (String part : header.split(",", -1)) {
      int semicolon = part.indexOf(';');
      String type = semicolon < 0 ? part : part.substring(0, semicolon);
      if (type.strip().equalsIgnoreCase(range)) {
        highest = Math.max(highest, thousandths(semicolon < 0 ? "" : part.substring(semicolon)));
      }
    }
    return highest;
  }

  private static int thousandths(String parameters) {
    Matcher quality = QUALITY.matcher(parameters);
    if (!quality.find()) {
      return 1_000;
    }
    String digits = quality.group(1).replace(".", "");
    return Integer.parseInt((digits + "000").substring(0, 4));
  }
}
