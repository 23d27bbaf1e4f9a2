package io.tollgate.server.settings;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The key under which identifiers are hashed.
 *
 * @param high the first 64 bits
 * @param low the other 64 bits
 */
public record HashKey(long high, long low) {

  private static final int DIGITS = 32;

  /** A key that nobody else has. */
  public static HashKey random() {
    SecureRandom random = new SecureRandom();
    return new HashKey(random.nextLong(), random.nextLong());
  }

  /** The key of 32 hex digits; empty for anything else. */
  static Optional<HashKey> of(String text) {
    if (text.length() != DIGITS || !text.chars().allMatch(HexFormat::isHexDigit)) {
      return Optional.empty();
    }
    return Optional.of(
        new HashKey(
            HexFormat.fromHexDigitsToLong(text, 0, DIGITS / 2),
            HexFormat.fromHexDigitsToLong(text, DIGITS / 2, DIGITS)));
  }

  /** Says only that there is one. */
  @Override
  public String toString() {
    return "HashKey[…]";
  }
}
