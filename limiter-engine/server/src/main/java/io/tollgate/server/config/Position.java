package io.tollgate.server.config;

import java.util.Comparator;

/**
 * A place in a file.
 *
 * @param line from 1; 0 means the file as a whole
 * @param column from 1, in characters
 */
public record Position(int line, int column) implements Comparable<Position> {

  /** Not a place in the file, but the file. */
  public static final Position WHOLE_FILE = new Position(0, 0);

  private static final Comparator<Position> ORDER =
      Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

  @Override
  public int compareTo(Position other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }

  /** The place after a number of characters of a text. */
  static Position after(CharSequence text, int characters) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < characters && i < text.length(); i++) {
      boolean ends = text.charAt(i) == '\n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
    }
    return new Position(line, column);
  }
}
