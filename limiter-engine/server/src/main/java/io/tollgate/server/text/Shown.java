package io.tollgate.server.text;

/** Shows a text that somebody else wrote: short, on one line, without control characters. */
public final class Shown {

  /** Enough to recognise a value by; a message stays on a screen line or two. */
  private static final int LONGEST = 60;

  private Shown() {}

  /** The text in quotes, its middle left out when it is long. */
  public static String quoted(String text) {
    return "'" + line(text, LONGEST) + "'";
  }

  /** The text with everything escaped that would leave the line, and cut at a length. */
  public static String line(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    int end = text.length() <= longest ? text.length() : longest - 1;
    for (int i = 0; i < end; i++) {
      append(shown, text, i);
    }
    return end < text.length() ? shown.append('…').toString() : shown.toString();
  }

  private static void append(StringBuilder shown, String text, int i) {
    char c = text.charAt(i);
    switch (c) {
      case '\n' -> shown.append("\\n");
      case '\t' -> shown.append("\\t");
      case '\r' -> shown.append("\\r");
      default -> {
        if (isPlain(text, i)) {
          shown.append(c);
        } else {
          shown.append("\\u").append(String.format("%04x", (int) c));
        }
      }
    }
  }

  /** Formats and controls could rewrite a terminal, half of a surrogate pair cannot be written. */
  private static boolean isPlain(String text, int i) {
    char c = text.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
    }
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
