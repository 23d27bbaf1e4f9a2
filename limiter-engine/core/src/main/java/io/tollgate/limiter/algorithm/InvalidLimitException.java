package io.tollgate.limiter.algorithm;

import java.io.Serial;

/**
 * Thrown when the numbers of a limit cannot be enforced; names the field, the value and the fix.
 */
public final class InvalidLimitException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  private final String field;
  private final String detail;
  private final String fix;

  /**
   * A refusal of one field.
   *
   * @param field the field as it is written in configuration, such as {@code burst}
   * @param detail what is wrong, with the value in it
   * @param fix what to write instead
   */
  public InvalidLimitException(String field, String detail, String fix) {
    super(field + ": " + detail + "; " + fix);
    this.field = field;
    this.detail = detail;
    this.fix = fix;
  }

  /** The field as it is written in configuration. */
  public String field() {
    return field;
  }

  /** What is wrong, with the value in it. */
  public String detail() {
    return detail;
  }

  /** What to write instead. */
  public String fix() {
    return fix;
  }
}
