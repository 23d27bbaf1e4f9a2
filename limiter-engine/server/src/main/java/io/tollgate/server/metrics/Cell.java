package io.tollgate.server.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A number that one thread raises and others read.
 *
 * <p>The writer pays a plain addition. Readers see each value late by what a cache line takes to
 * travel, and never half of one.
 */
final class Cell {

  private static final VarHandle VALUE = handle();

  private long value;

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(Cell.class, "value", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Adds; for the one thread that writes. */
  void add(long more) {
    VALUE.setOpaque(this, value + more);
  }

  long get() {
    return (long) VALUE.getOpaque(this);
  }
}
