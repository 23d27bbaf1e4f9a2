package io.tollgate.server.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The frames of a Throwable and of its causes, as far as they help. */
final class Stack {

  /** Ours are never deeper; a recursion that ran away shows itself in as many. */
  private static final int MOST_FRAMES = 40;

  /** A chain that is longer, or a circle, tells nothing new. */
  private static final int MOST_CAUSES = 5;

  private static final int LONGEST_FRAME = 300;

  private Stack() {}

  /** A line for each frame; that of a cause begins with "caused by". */
  static List<String> of(Throwable thrown) {
    List<String> lines = new ArrayList<>();
    addFrames(lines, thrown);
    Throwable cause = thrown.getCause();
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      lines.add(Clean.text("caused by " + named(cause), LONGEST_FRAME));
      addFrames(lines, cause);
      cause = cause.getCause();
    }
    return lines;
  }

  /** The message; what has none is empty. */
  static String message(Throwable thrown) {
    return Objects.requireNonNullElse(thrown.getMessage(), "");
  }

  private static String named(Throwable thrown) {
    return thrown.getClass().getName() + ": " + message(thrown);
  }

  private static void addFrames(List<String> lines, Throwable thrown) {
    StackTraceElement[] frames = thrown.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, MOST_FRAMES); i++) {
      lines.add(Clean.text(frames[i].toString(), LONGEST_FRAME));
    }
    if (frames.length > MOST_FRAMES) {
      lines.add("… " + (frames.length - MOST_FRAMES) + " more");
    }
  }
}
