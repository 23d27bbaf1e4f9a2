package io.tollgate.server.settings;

import java.util.regex.Pattern;

/**
 * A text that must not be seen in messages, logs or dumps of objects.
 *
 * @param value the text itself
 */
public record Secret(String value) {

  /** The characters that a header carries as they are (RFC 6750, section 2.1). */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{1,4096}=*");

  /** Whether an Authorization header can carry it. */
  public boolean isBearerToken() {
    return TOKEN.matcher(value).matches();
  }

  /** Says only that there is one. */
  @Override
  public String toString() {
    return "Secret[…]";
  }
}
