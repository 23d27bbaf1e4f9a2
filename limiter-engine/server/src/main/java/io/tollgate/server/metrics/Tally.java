package io.tollgate.server.metrics;

import java.util.Arrays;
import java.util.function.ObjLongConsumer;

/**
 * Numbers told apart by two words; one thread counts, any other may read.
 *
 * <p>They are looked for from front to back: of the few pairs that occur the usual one came first.
 * All words are constants of the program, so there are at most a few dozen.
 */
final class Tally {

  /** What tells one number from another. */
  record Words(String first, String second) {}

  private static final class Entry {
    final Words words;
    final Cell count = new Cell();

    Entry(Words words) {
      this.words = words;
    }

    boolean is(String first, String second) {
      return words.first.equals(first) && words.second.equals(second);
    }
  }

  /** Replaced as a whole, so that a reader never meets an entry that is half made. */
  private volatile Entry[] entries = {};

  /** Counts one; for the one thread that writes. */
  void add(String first, String second) {
    for (Entry entry : entries) {
      if (entry.is(first, second)) {
        entry.count.add(1);
        return;
      }
    }
    Entry added = new Entry(new Words(first, second));
    added.count.add(1);
    Entry[] more = Arrays.copyOf(entries, entries.length + 1);
    more[more.length - 1] = added;
    entries = more;
  }

  void forEach(ObjLongConsumer<Words> reader) {
    for (Entry entry : entries) {
      reader.accept(entry.words, entry.count.get());
    }
  }
}
