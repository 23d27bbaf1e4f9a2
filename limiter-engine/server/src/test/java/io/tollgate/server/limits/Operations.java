package io.tollgate.server.limits;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An endless list of changes, each given by its number, and what they lead to. */
final class Operations {

  private static final int NAMES = 5;

  /** So that a write takes long enough to be cut: some 100 KiB for each namespace. */
  private static final String OVERRIDES =
      IntStream.range(0, 2_000)
          .mapToObj(
              i -> "{\"identifier\":\"u" + i + "\",\"limits\":{\"m\":{\"limit\":1" + i + "}}}")
          .collect(Collectors.joining(",", ",\"overrides\":[", "]}"));

  private Operations() {}

  private static String name(int number) {
    return "n" + number * 7 % NAMES;
  }

  private static boolean deletes(int number) {
    return number % 6 == 5;
  }

  /** A large namespace whose limit has this number. */
  static String large(int limit) {
    return Bench.json(limit).replaceFirst("}$", OVERRIDES);
  }

  static Change apply(int number, LimitsInForce limits) {
    return deletes(number)
        ? limits.delete(name(number))
        : limits.put(name(number), large(number + 1));
  }

  /** What is in force after the first changes, as {@link Bench#all} shows it. */
  static String after(int count) {
    SortedMap<String, Integer> made = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      if (deletes(i)) {
        made.remove(name(i));
      } else {
        made.put(name(i), i + 1);
      }
    }
    return made.entrySet().stream()
        .map(e -> " " + e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining("", "*=100", ""));
  }
}
