package io.tollgate.server.doctor;

import java.io.Serial;

/** Thrown when a file cannot be used as what it was named for. */
final class UnusableException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final String fix;

  UnusableException(String what, String fix) {
    super(what, null, false, false);
    this.fix = fix;
  }

  Finding finding(String check) {
    return Finding.wrong(check, String.valueOf(getMessage()), fix);
  }
}
