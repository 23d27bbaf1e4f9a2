package io.tollgate.server.log;

import io.tollgate.server.settings.LogLevel;
import io.tollgate.server.settings.LogSettings;
import java.io.PrintStream;
import java.util.List;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The logs of a process while they are written: all loggers of the JDK, so ours and the libraries',
 * at one level, to one stream.
 */
public final class Logs implements AutoCloseable {

  private static final String MANAGER = "java.util.logging.manager";

  /** Says at info what strangers do wrong, with a stack trace each. */
  private static final String HTTP2 = "io.netty.handler.codec.http2";

  /**
   * Says one thing at info: that it closes a connection which was made while it was given up. So it
   * does where a start is refused while another loop still connects, and that start has said why.
   */
  private static final String LETTUCE = "io.lettuce.core.protocol.DefaultEndpoint";

  /** At info they are heard from warnings on; held, because the JDK forgets what nobody holds. */
  private final List<Logger> quieter = Stream.of(HTTP2, LETTUCE).map(Logger::getLogger).toList();

  private final LineQueue queue;
  private final Handler handler;

  private Logs(LineQueue queue, Handler handler, LogLevel level) {
    this.queue = queue;
    this.handler = handler;
    quieter.forEach(one -> one.setLevel(level(level == LogLevel.INFO ? LogLevel.WARN : level)));
  }

  /** Makes logging last until the process ends. To be called before anybody asks for a logger. */
  public static void lastThroughShutdown() {
    System.setProperty(MANAGER, LastingLogManager.class.getName());
  }

  /**
   * Begins to write.
   *
   * @param err gets the lines, from a thread of its own
   */
  public static Logs start(LogSettings settings, PrintStream err) {
    Formatter formatter =
        switch (settings.format()) {
          case JSON -> new JsonLine();
          case TEXT -> new TextLine();
        };
    LineQueue queue = LineQueue.start(err, count -> formatter.format(dropNotice(count)));
    Handler handler = new QueueHandler(queue, formatter);
    Logger root = Logger.getLogger("");
    List.of(root.getHandlers()).forEach(root::removeHandler);
    root.addHandler(handler);
    root.setLevel(level(settings.level()));
    if (LogManager.getLogManager() instanceof LastingLogManager lasting) {
      lasting.last();
    }
    System.Logger threads = System.getLogger("tollgate");
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) ->
        threads.log(System.Logger.Level.ERROR, "thread " + thread.getName() + " ended", thrown));
    return new Logs(queue, handler, settings.level());
  }

  private static Level level(LogLevel level) {
    return switch (level) {
      case DEBUG -> Level.FINE;
      case INFO -> Level.INFO;
      case WARN -> Level.WARNING;
      case ERROR -> Level.SEVERE;
    };
  }

  private static LogRecord dropNotice(long count) {
    LogRecord notice =
        new LogRecord(
            Level.WARNING, count + " log lines were dropped, since nobody read stderr in time");
    notice.setLoggerName("tollgate");
    return notice;
  }

  /** Writes what is left, for at most a second; what is logged later is lost. */
  @Override
  public void close() {
    Thread.setDefaultUncaughtExceptionHandler(null);
    Logger.getLogger("").removeHandler(handler);
    queue.close();
  }

  /** From records to lines. */
  private static final class QueueHandler extends Handler {

    private final LineQueue queue;

    QueueHandler(LineQueue queue, Formatter formatter) {
      this.queue = queue;
      setFormatter(formatter);
    }

    @Override
    public void publish(LogRecord record) {
      queue.add(line(record));
    }

    /** A text that throws when it is asked for must not fail whoever logs it. */
    private String line(LogRecord record) {
      try {
        return getFormatter().format(record);
      } catch (RuntimeException e) {
        LogRecord instead =
            new LogRecord(
                record.getLevel(), "a log line threw " + e.getClass().getName() + " when written");
        instead.setLoggerName(record.getLoggerName());
        return getFormatter().format(instead);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
