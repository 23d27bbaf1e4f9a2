package io.tollgate.server.config;

/**
 * One thing that is wrong with a file.
 *
 * @param at where
 * @param pointer the same place as a JSON pointer (RFC 6901), such as {@code
 *     /namespaces/a/limits/0}
 * @param message what is wrong, with the field and the bad value
 * @param fix what to write instead
 */
public record ConfigProblem(Position at, String pointer, String message, String fix) {

  /** The problem as people and editors read it: {@code file:line:column: message; fix}. */
  public String text(String fileName) {
    String place = at.line() == 0 ? "" : at + ":";
    return fileName + ":" + place + " " + message + "; " + fix;
  }
}
