package io.tollgate.server.settings;

/**
 * What the server says on stderr.
 *
 * @param level how much
 * @param format how it is written
 */
public record LogSettings(LogLevel level, LogFormat format) {

  static LogSettings read(Source source) {
    return new LogSettings(LogLevel.read(source), LogFormat.read(source));
  }
}
