package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.EntryLog;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.LeaseSet;
import org.jspecify.annotations.Nullable;

/**
 * The state of a key whose algorithm keeps a list.
 *
 * @param kernel the kernel that wrote it last
 * @param bytes what was counted for it; the list may have shrunk since
 */
record ListState(Kernel kernel, @Nullable EntryLog log, @Nullable LeaseSet leases, long bytes) {

  /** The map entry and its key. */
  private static final long OVERHEAD_BYTES = 120;

  static ListState of(Kernel kernel, CounterState state) {
    long bytes = OVERHEAD_BYTES;
    if (state.log != null) {
      bytes += state.log.bytes();
    }
    if (state.leases != null) {
      bytes += state.leases.bytes();
    }
    return new ListState(kernel, state.log, state.leases, bytes);
  }

  /** Lists count in microseconds. */
  long idleAtMicros() {
    CounterState state = new CounterState();
    state.log = log;
    state.leases = leases;
    return kernel.idleAt(state);
  }
}
