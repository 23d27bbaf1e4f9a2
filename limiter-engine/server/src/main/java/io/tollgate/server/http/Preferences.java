package io.tollgate.server.http;

import java.util.Optional;

/** Reads a Prefer header (RFC 7240): preferences between commas, parameters after semicolons. */
final class Preferences {

  private Preferences() {}

  /**
   * The value of the first preference of a name, without quotes; a repeated one changes nothing
   * (RFC 7240, section 2).
   */
  static Optional<String> first(String header, String name) {
    for (String preference : header.split(",", -1)) {
      String bare = withoutParameters(preference);
      int equals = bare.indexOf('=');
      String token = (equals < 0 ? bare : bare.substring(0, equals)).strip();
      if (token.equalsIgnoreCase(name)) {
        return Optional.of(equals < 0 ? "" : unquoted(bare.substring(equals + 1).strip()));
      }
    }
    return Optional.empty();
  }

  private static String withoutParameters(String preference) {
    int semicolon = preference.indexOf(';');
    return semicolon < 0 ? preference : preference.substring(0, semicolon);
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
