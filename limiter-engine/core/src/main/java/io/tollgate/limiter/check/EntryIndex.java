package io.tollgate.limiter.check;

import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.HashMap;
import java.util.Map;

/** Joins the entries of several checks into one buffer; equal keys become one entry. */
final class EntryIndex {

  private final Map<LimitKey, Integer> byKey = new HashMap<>();

  /** Adds all entries of {@code from}; returns where each of them stands in {@code into}. */
  int[] merge(CheckBuffer from, CheckBuffer into) {
    int[] entries = new int[from.size()];
    for (int i = 0; i < entries.length; i++) {
      Integer present = byKey.get(from.key(i));
      if (present == null) {
        entries[i] = into.copyEntry(from, i);
        byKey.put(from.key(i), entries[i]);
      } else {
        entries[i] = present;
        into.addCost(present, from.cost(i));
      }
    }
    return entries;
  }
}
