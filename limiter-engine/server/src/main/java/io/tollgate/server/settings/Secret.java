package io.tollgate.server.settings;

/**
 * A text that must not be seen in messages, logs or dumps of objects.
 *
 * @param value the text itself
 */
public record Secret(String value) {

  /** Says only that there is one. */
  @Override
  public String toString() {
    return "Secret[…]";
  }
}
