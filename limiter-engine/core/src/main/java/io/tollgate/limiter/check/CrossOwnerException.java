package io.tollgate.limiter.check;

import java.io.Serial;

/**
 * Thrown before anything is charged when checks that are to pass together have several owners, and
 * the store keeps owners apart.
 */
public final class CrossOwnerException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  private final int check;

  /**
   * Several owners.
   *
   * @param check the index of the first check whose owner is another
   */
  public CrossOwnerException(int check) {
    super("check " + check + " has another owner than the first one");
    this.check = check;
  }

  /** The index of the first check whose owner is another. */
  public int check() {
    return check;
  }

  /** A caller's mistake needs no stack trace, and must not cost one. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
