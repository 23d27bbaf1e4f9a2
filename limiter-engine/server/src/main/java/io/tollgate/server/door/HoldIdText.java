package io.tollgate.server.door;

import io.tollgate.limiter.algorithm.HoldId;
import java.util.Optional;

/** Writes the ids of leases and reservations: a prefix and 128 bits in Crockford's base 32. */
public final class HoldIdText {

  public static final String RESERVATION = "res_";
  public static final String LEASE = "lea_";

  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

  /** 26 digits of 5 bits hold 130: the first digit is at most 7. */
  private static final int LENGTH = 26;

  private HoldIdText() {}

  public static String of(String prefix, HoldId id) {
    char[] text = new char[LENGTH];
    long high = id.high();
    long low = id.low();
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS.charAt((int) (low & 31));
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return prefix + new String(text);
  }

  /** The id that a text names; empty when it is none that {@link #of} writes. */
  public static Optional<HoldId> parse(String prefix, String text) {
    boolean shaped = text.length() == prefix.length() + LENGTH && text.startsWith(prefix);
    if (!shaped || text.charAt(prefix.length()) > '7') {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (int i = prefix.length(); i < text.length(); i++) {
      int digit = DIGITS.indexOf(text.charAt(i));
      if (digit < 0) {
        return Optional.empty();
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | digit;
    }
    return Optional.of(new HoldId(high, low));
  }
}
