package io.tollgate.server.log;

/** Makes a text one that every reader of JSON takes, and no longer than it may be. */
final class Clean {

  private static final char REPLACEMENT = '\uFFFD';

  private Clean() {}

  /** The text, cut at a length, with halves of surrogate pairs replaced. */
  static String text(String text, int longest) {
    int end = Math.min(text.length(), longest);
    StringBuilder clean = new StringBuilder(end + 1);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean pair = i + 1 < end && Character.isSurrogatePair(c, text.charAt(i + 1));
      if (pair) {
        clean.append(c).append(text.charAt(++i));
      } else {
        clean.append(Character.isSurrogate(c) ? REPLACEMENT : c);
      }
    }
    return end < text.length() ? clean.append('…').toString() : clean.toString();
  }
}
