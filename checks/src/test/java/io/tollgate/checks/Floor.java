package io.tollgate.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The least version of a library that may be in the tree.
 *
 * @param library group and artifact with a colon between; {@code *} stands for any rest
 * @param least the oldest version that is allowed
 * @param reason why older ones are not
 */
record Floor(String library, String least, String reason) {
  Floor {
    if (!library.matches("[\\w.-]+:[\\w.*-]+") || least.isEmpty() || reason.isEmpty()) {
      throw new IllegalArgumentException(
          "a line of floors is 'group:artifact version reason', not: "
              + String.join(" ", library, least, reason));
    }
  }

  /** Reads the file floors: one per line, words by blanks, {@code #} opens a comment line. */
  static List<Floor> parse(List<String> lines) {
    List<Floor> floors = new ArrayList<>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+", 3)));
        while (words.size() < 3) {
          words.add("");
        }
        floors.add(new Floor(words.get(0), words.get(1), words.get(2)));
      }
    }
    return List.copyOf(floors);
  }

  boolean covers(Library library) {
    String pattern = Pattern.quote(this.library).replace("*", "\\E.*\\Q");
    return Pattern.matches(pattern, library.group() + ":" + library.artifact());
  }

  boolean allows(Library library) {
    return Versions.compare(library.version(), least) >= 0;
  }
}
