package io.tollgate.server.app;

import io.tollgate.server.settings.LogLevel;
import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What the server tells its operator, as far as the level says. */
final class Notes {

  private final LogLevel level;
  private final PrintStream err;

  Notes(LogLevel level, PrintStream err) {
    this.level = level;
    this.err = err;
  }

  void say(LogLevel of, String text) {
    if (level.says(of)) {
      err.println(text);
    }
  }

  /** Makes the libraries say no more and no less than we do; they use the JDK's logging. */
  void applyToLibraries() {
    Level same =
        switch (level) {
          case DEBUG -> Level.FINE;
          case INFO -> Level.INFO;
          case WARN -> Level.WARNING;
          case ERROR -> Level.SEVERE;
        };
    Logger root = Logger.getLogger("");
    root.setLevel(same);
    for (Handler handler : root.getHandlers()) {
      handler.setLevel(same);
    }
  }
}
