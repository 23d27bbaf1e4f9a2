package io.tollgate.limiter.check;

import java.io.Serial;

/** Thrown when a request is out of bounds; names the field, what is wrong, and the fix. */
public final class InvalidRequestException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  private final String field;
  private final String detail;
  private final String fix;

  /**
   * A refusal of one field.
   *
   * @param field the field's name on the wire
   */
  public InvalidRequestException(String field, String detail, String fix) {
    super(field + ": " + detail + "; " + fix, null);
    this.field = field;
    this.detail = detail;
    this.fix = fix;
  }

  /** The field's name on the wire. */
  public String field() {
    return field;
  }

  /** What is wrong. */
  public String detail() {
    return detail;
  }

  /** What to send instead. */
  public String fix() {
    return fix;
  }

  /** A caller's mistake needs no stack trace, and must not cost one. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
