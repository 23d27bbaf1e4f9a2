package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.List;

/** A table of Markdown whose columns stand below each other. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  /** Begins with the names of the columns. */
  Table(List<String> columns) {
    rows.add(List.copyOf(columns));
  }

  /** Adds a row with as many cells as there are columns. */
  void add(List<String> cells) {
    if (cells.size() != rows.getFirst().size()) {
      throw new IllegalArgumentException("a row of " + cells.size() + " cells: " + cells);
    }
    rows.add(List.copyOf(cells));
  }

  /** All lines, each with its end. */
  String text() {
    StringBuilder text = new StringBuilder();
    int[] widths = widths();
    for (int row = 0; row < rows.size(); row++) {
      for (int i = 0; i < widths.length; i++) {
        text.append("| ").append(pad(rows.get(row).get(i), widths[i], " ")).append(' ');
      }
      text.append("|\n");
      if (row == 0) {
        for (int width : widths) {
          text.append("|").append(pad("", width + 2, "-"));
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }

  private int[] widths() {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }

  private static String pad(String cell, int width, String with) {
    return cell + with.repeat(width - cell.length());
  }
}
