package io.tollgate.server.log;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Log records as the JDK hands them to a handler. */
final class Records {

  private Records() {}

  static LogRecord of(Level level, String message, Object... parameters) {
    LogRecord record = new LogRecord(level, message);
    record.setInstant(Instant.parse("2026-01-15T11:00:00.600999Z"));
    record.setLoggerName("io.tollgate.Some");
    record.setParameters(parameters);
    return record;
  }
}
