package io.tollgate.server.metrics;

import java.util.List;

/** How a decision was asked for. */
public enum Verb {
  /** One check. */
  CHECK,
  /** An entry of a batch. */
  BATCH,
  /** A reservation. */
  RESERVE,
  /** A lease. */
  LEASE;

  /** All of them, without a copy for each asking. */
  static final List<Verb> ALL = List.of(values());
}
