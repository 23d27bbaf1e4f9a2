package io.tollgate.server.log;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What the lines of both formats share. */
final class Lines {

  /** A message, a field or an error's text, in characters; a stranger may have written it. */
  static final int LONGEST_TEXT = 8 << 10;

  /** The name of a class or logger, in characters. */
  static final int LONGEST_NAME = 300;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Lines() {}

  /** RFC 3339 with milliseconds, in UTC. */
  static String time(Instant time) {
    return TIME.format(time);
  }
}
