package io.tollgate.server.config;

/**
 * One thing that is wrong with a file.
 *
 * @param at where
 * @param pointer the same place as a JSON pointer (RFC 6901), such as {@code
 *     /namespaces/a/limits/0}
 * @param kind whether it is wrong, or right but beyond this server
 * @param message what is wrong, with the field and the bad value
 * @param fix what to write instead
 */
public record ConfigProblem(Position at, String pointer, Kind kind, String message, String fix) {

  /** What a problem means. */
  public enum Kind {
    /** The file is wrong. */
    INVALID,
    /** The file is right, but this server cannot enforce what it says. */
    NOT_SUPPORTED_YET
  }

  /** The problem as people and editors read it: {@code file:line:column: message; fix}. */
  public String text(String fileName) {
    String place = at.line() == 0 ? "" : at + ":";
    return fileName + ":" + place + " " + message + "; " + fix;
  }
}
