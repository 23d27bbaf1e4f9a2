package io.tollgate.bench.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How long and against whom is measured.
 *
 * @param rounds how often every peer has its turn, 1 to 100
 * @param seconds of each measurement, 1 to 60; warming up takes up to twice as much processor time,
 *     at most 4 seconds of it
 * @param launcher our {@code bin/tollgate}
 * @param throttlecrab its program; empty when it could not be built, or is not asked for
 * @param report where the report is left
 */
record Plan(int rounds, int seconds, Path launcher, Optional<Path> throttlecrab, Path report) {

  /** Connections of every load. */
  static final int CONNECTIONS = 64;

  /** Questions on their way at once on a connection, where it is pipelined. */
  static final int DEPTH = 16;

  /** Identifiers of every load but h2load's. */
  static final int IDENTIFIERS = 100_000;

  /** The fixed rate, checks a second. */
  static final int RATE = 20_000;

  /** Starts of each peer for the time to the first answer, at least. */
  static final int LEAST_STARTS = 5;

  /** Compilers need some 3 s of it before a check costs what it costs; measured with perf. */
  private static final int MOST_WARM_SECONDS = 10;

  private static final int MOST_ROUNDS = 100;
  private static final int MOST_SECONDS = 60;

  private static final String USAGE = "usage: ROUNDS SECONDS LAUNCHER REPORT [THROTTLECRAB|-]";

  Plan {
    inBounds("ROUNDS", rounds, MOST_ROUNDS);
    inBounds("SECONDS", seconds, MOST_SECONDS);
  }

  private static void inBounds(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "%s is %d; give a whole number from 1 to %d", name, value, most));
    }
  }

  /**
   * Reads the arguments of the program.
   *
   * @throws IllegalArgumentException when they are not what the usage says
   */
  static Plan of(List<String> arguments) {
    if (arguments.size() < 4 || arguments.size() > 5) {
      throw new IllegalArgumentException(USAGE);
    }
    return new Plan(
        number("ROUNDS", arguments.get(0)),
        number("SECONDS", arguments.get(1)),
        Path.of(arguments.get(2)).toAbsolutePath(),
        arguments.stream().skip(4).filter(path -> !path.equals("-")).map(Path::of).findFirst(),
        Path.of(arguments.get(3)));
  }

  private static int number(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " is '" + text + "'; give a whole number", e);
    }
  }

  /** Processor time for which a peer is warmed up before its first load. */
  int warmSeconds() {
    return Math.min(2 * seconds, MOST_WARM_SECONDS);
  }

  /** The same before a load that only differs from the last one. */
  int againSeconds() {
    return Math.min(seconds, MOST_WARM_SECONDS);
  }
}
