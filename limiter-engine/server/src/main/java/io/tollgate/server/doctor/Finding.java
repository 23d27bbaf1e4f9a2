package io.tollgate.server.doctor;

import java.util.Optional;

/**
 * What the examination of one thing found.
 *
 * @param check what was looked at, in a few words
 * @param text what is there, in a sentence without a full stop
 * @param fix what to do; there exactly when not all is well
 */
public record Finding(String check, Verdict verdict, String text, Optional<String> fix) {

  /** How a finding counts. */
  public enum Verdict {
    /** All is well. */
    OK("ok"),
    /** A server starts and works, but an operator should know. */
    WARNING("warning"),
    /** A server does not start, or does not do what was asked for. */
    WRONG("wrong");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** As people and programs read it. */
    public String word() {
      return word;
    }
  }

  static Finding ok(String check, String text) {
    return new Finding(check, Verdict.OK, text, Optional.empty());
  }

  static Finding warning(String check, String text, String fix) {
    return new Finding(check, Verdict.WARNING, text, Optional.of(fix));
  }

  static Finding wrong(String check, String text, String fix) {
    return new Finding(check, Verdict.WRONG, text, Optional.of(fix));
  }

  /** A problem as settings and files tell it: what is wrong, a semicolon, what to do. */
  static Finding wrong(String check, String problem) {
    int fix = problem.lastIndexOf("; ");
    return fix < 0
        ? wrong(check, problem, "see docs/environment.md")
        : wrong(check, problem.substring(0, fix), problem.substring(fix + 2));
  }
}
