package io.tollgate.limiter.algorithm;

/** Copies of states, for a model of a store whose denials write nothing. */
public final class States {

  private States() {}

  /** A state with the same numbers, apart from this one but for its leases. */
  public static CounterState copy(CounterState state) {
    CounterState copy = new CounterState();
    copy.time = state.time;
    copy.used = state.used;
    copy.previous = state.previous;
    copy.log = state.log == null ? null : state.log.copy();
    copy.leases = state.leases;
    return copy;
  }
}
