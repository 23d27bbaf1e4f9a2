package io.tollgate.server.settings;

import java.io.Serial;
import java.util.List;

/** Thrown when settings cannot be used; holds all that is wrong with them, never a secret. */
public final class SettingsException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /**
   * What cannot be used.
   *
   * @param problems a sentence each: what, its value if it is no secret, what to do
   */
  public SettingsException(List<String> problems) {
    super(null, null, false, false);
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, a sentence each: the variable, its value, what to do. */
  public List<String> problems() {
    return problems;
  }

  /** A line for each problem. */
  @Override
  public String getMessage() {
    return String.join("\n", problems);
  }
}
