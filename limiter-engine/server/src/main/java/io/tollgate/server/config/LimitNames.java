package io.tollgate.server.config;

import java.util.HashSet;
import java.util.Set;

/** Makes names for limits that have none, or one that cannot be theirs here. */
final class LimitNames {

  /** Leaves room for the number that tells two apart. */
  private static final int LONGEST = 100;

  private final Set<String> taken = new HashSet<>();

  /** A name like this one that nothing has yet. */
  String make(String like) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < like.length() && name.length() < LONGEST; i++) {
      char c = like.charAt(i);
      boolean good = c < 0x80 && (Character.isLetterOrDigit(c) || "._:-".indexOf(c) >= 0);
      boolean twice = !name.isEmpty() && name.charAt(name.length() - 1) == '_';
      if (good || !twice) {
        name.append(good ? c : '_');
      }
    }
    String base = name.isEmpty() ? "limit" : name.toString();
    String made = base;
    for (int number = 2; !taken.add(made); number++) {
      made = base + "-" + number;
    }
    return made;
  }
}
