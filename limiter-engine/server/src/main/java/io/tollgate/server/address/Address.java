package io.tollgate.server.address;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An address of IPv6, or one of IPv4 mapped into it (RFC 4291 2.5.5.2): both spellings of one IPv4
 * address are equal.
 *
 * @param high the first 64 bits: of IPv6 the network
 * @param low the last 64 bits
 */
public record Address(long high, long low) {

  /** Before the 32 bits of IPv4. */
  private static final long MAPPED = 0xFFFFL << 32;

  /** The longest is {@code ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255}. */
  private static final int LONGEST = 45;

  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** Without leading zeros, which some take for octal. */
  private static final Pattern FOUR = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");

  /** Without a zone: a name of an interface says nothing on another machine. */
  private static final Pattern SIX = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

  private static final int GROUPS = 4;

  /** That of a socket. */
  public static Address of(InetAddress address) {
    byte[] bytes = address.getAddress();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return bytes.length == 4
        ? new Address(0, MAPPED | Integer.toUnsignedLong(buffer.getInt()))
        : new Address(buffer.getLong(), buffer.getLong());
  }

  /** Reads an address as it is usually written, without port, brackets or zone. */
  public static Optional<Address> parse(String text) {
    boolean shaped =
        text.length() <= LONGEST && (FOUR.matcher(text).matches() || SIX.matcher(text).matches());
    if (!shaped) {
      return Optional.empty();
    }
    try {
      return Optional.of(of(InetAddress.ofLiteral(text)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether it is of IPv4. */
  public boolean isFour() {
    return high == 0 && low >>> 32 == 0xFFFF;
  }

  /**
   * The client behind it as a text: an address of IPv4, or the /64 of one of IPv6, of which every
   * client has at least one to choose addresses from.
   */
  public String client() {
    if (isFour()) {
      return (low >> 24 & 0xFF)
          + "."
          + (low >> 16 & 0xFF)
          + "."
          + (low >> 8 & 0xFF)
          + "."
          + (low & 0xFF);
    }
    int groups = GROUPS;
    while (groups > 0 && group(groups - 1) == 0) {
      groups--;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < groups; i++) {
      text.append(i == 0 ? "" : ":").append(Long.toHexString(group(i)));
    }
    return text.append("::/64").toString();
  }

  private long group(int index) {
    return high >>> (48 - 16 * index) & 0xFFFF;
  }
}
