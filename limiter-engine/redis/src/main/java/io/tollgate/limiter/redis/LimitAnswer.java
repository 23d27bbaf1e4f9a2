package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.EntryLog;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.LeaseSet;
import io.tollgate.limiter.store.CheckBuffer;
import java.nio.ByteBuffer;

/** What a script answers for one limit of a question; verbs.lua says how it looks. */
final class LimitAnswer {

  private static final int ADMITTED = 1;
  private static final int MOVED = 2;
  private static final int CHARGED = 4;

  private LimitAnswer() {}

  /** Reads it into the entry that asked. */
  static void read(ByteBuffer in, CheckBuffer into, int i) {
    Kernel kernel = into.limit(i).kernel();
    int marks = in.get();
    boolean admitted = (marks & ADMITTED) != 0;
    long time = Packed.number(in);
    CounterState state = new CounterState();
    state.reanchored = (marks & MOVED) != 0;
    state.time = Packed.number(in);
    state.used = Packed.number(in);
    if (kernel.storage() == Kernel.Storage.LIST) {
      Freed freed = Freed.read(in, kernel.capacity(), state.used, into.cost(i), admitted);
      long[][] entries = freed.entries(state.time, state.used);
      if (into.limit(i).algorithm() instanceof Algorithm.Concurrency) {
        state.leases = LeaseSet.of(entries[0], entries[1]);
      } else {
        state.log = EntryLog.of(entries[0], entries[1]);
      }
    } else {
      state.previous = Packed.number(in);
    }
    into.answer(i, admitted, state, time, (marks & CHARGED) != 0);
  }
}
