package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What must not be, in words; the same once, and only some, so that they leave room for others. */
final class Problems {

  private static final int MOST = 10;

  private final List<String> all = new ArrayList<>();
  private final Set<String> said = new HashSet<>();

  void add(long nanos, String words) {
    if (all.size() < MOST && said.add(words)) {
      all.add(String.format(Locale.ROOT, "%.6f s: %s", nanos / 1e9, words));
    }
  }

  List<String> all() {
    return all;
  }
}
