package io.tollgate.bench.load;

import java.util.Locale;

/** The names that {@link Question} writes, for those who ask without HTTP. */
final class Identifiers {

  private Identifiers() {}

  /** The name of an identifier. */
  static String name(int number) {
    return String.format(Locale.ROOT, "user_%07d", number);
  }
}
