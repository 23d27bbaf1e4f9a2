package io.tollgate.server.log;

import io.tollgate.server.text.Shown;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * A log line for people: time, level, logger, message, the caller's fields. The frames of an error
 * follow, indented; every other line begins with its time. What would leave the line is escaped.
 */
final class TextLine extends Formatter {

  @Override
  public String format(LogRecord record) {
    Event event = Event.of(record);
    if (event.forPeople().isPresent()) {
      return event.forPeople().get() + '\n';
    }
    StringBuilder line = new StringBuilder();
    line.append(Lines.time(event.time()))
        .append(' ')
        .append(event.level())
        .append(event.level().length() == 4 ? "  " : " ")
        .append(Shown.line(event.logger(), Lines.LONGEST_NAME))
        .append(": ")
        .append(Shown.line(event.message(), Lines.LONGEST_TEXT));
    event
        .fields()
        .forEach((name, value) ->
            line.append(' ')
                .append(name)
                .append('=')
                .append(Shown.line(value, Lines.LONGEST_TEXT)));
    event.error().ifPresent(error -> append(line, error));
    return line.append('\n').toString();
  }

  private static void append(StringBuilder line, Throwable error) {
    line.append(" (").append(error.getClass().getName());
    if (!Stack.message(error).isEmpty()) {
      line.append(": ").append(Shown.line(Stack.message(error), Lines.LONGEST_TEXT));
    }
    line.append(')');
    for (String frame : Stack.of(error)) {
      line.append("\n    ").append(Shown.line(frame, Lines.LONGEST_TEXT));
    }
  }
}
