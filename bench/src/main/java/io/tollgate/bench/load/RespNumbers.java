package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.List;

/** The numbers that every check over Redis's protocol brings with it: those of the other doors. */
final class RespNumbers {

  private static final List<String> ALL = List.of(Integer.toString(Peer.BURST), "1", "60");

  private RespNumbers() {}

  /** As one would type them, a blank before each. */
  static String text() {
    return " " + String.join(" ", ALL);
  }

  /**
   * A command that ends with them.
   *
   * @param allowed the first number of an answer that says yes
   * @param words all before
   */
  static Question question(int allowed, String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(ALL);
    return Question.command(allowed, command.toArray(String[]::new));
  }
}
