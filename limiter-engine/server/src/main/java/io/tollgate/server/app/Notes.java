package io.tollgate.server.app;

import io.tollgate.server.log.ForPeople;
import io.tollgate.server.log.LogFields;
import io.tollgate.server.settings.LogLevel;
import java.lang.System.Logger.Level;

/** What the server as a whole tells its operator, in the log. */
final class Notes {

  private static final System.Logger LOG = System.getLogger("tollgate");

  private Notes() {}

  static void say(LogLevel level, String text) {
    LOG.log(
        switch (level) {
          case DEBUG -> Level.DEBUG;
          case INFO -> Level.INFO;
          case WARN -> Level.WARNING;
          case ERROR -> Level.ERROR;
        },
        text);
  }

  /** Something that has happened while the server runs, or started. */
  static void event(boolean isWarning, String text) {
    say(isWarning ? LogLevel.WARN : LogLevel.INFO, text);
  }

  /** Where checks are answered, and a call that shows it. */
  static void greet(Greeting greeting) {
    LOG.log(
        Level.INFO,
        "Tollgate answers checks",
        LogFields.of("url", greeting.url()).and("try", greeting.call()),
        new ForPeople(greeting.forPeople()));
  }
}
