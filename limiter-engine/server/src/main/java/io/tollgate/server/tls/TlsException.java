package io.tollgate.server.tls;

import java.io.Serial;
import java.nio.file.Path;

/** Thrown when the files of TLS cannot be used; says which, why and the fix, never the key. */
public final class TlsException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final String what;
  private final String fix;

  /**
   * The refusal of a file.
   *
   * @param what follows the file's name
   */
  TlsException(Path file, String what, String fix) {
    super(file + " " + what + "; " + fix, null, false, false);
    this.what = file + " " + what;
    this.fix = fix;
  }

  /** What is wrong with which file. */
  public String what() {
    return what;
  }

  /** What to do about it. */
  public String fix() {
    return fix;
  }

  /** The sentence for people. */
  String text() {
    return String.valueOf(getMessage());
  }
}
