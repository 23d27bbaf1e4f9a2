package io.tollgate.server.address;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of addresses, such as {@code 10.0.0.0/8} (RFC 4632, RFC 4291).
 *
 * @param first its first address
 * @param prefix how many bits of 128 its addresses share; 96 more than IPv4 says
 */
public record Cidr(Address first, int prefix) {

  private static final int BITS = 128;
  private static final int MAPPED_BITS = 96;
  private static final Pattern BLOCK = Pattern.compile("([^/]+)(?:/(0|[1-9][0-9]{0,2}))?");

  /** Requires that the bits behind the prefix are zero. */
  public Cidr {
    if (prefix < 0 || prefix > BITS) {
      throw new IllegalArgumentException("a prefix of " + prefix + " bits");
    }
    if (!masked(first, prefix).equals(first)) {
      throw new IllegalArgumentException("the address has bits behind the prefix of " + prefix);
    }
  }

  /**
   * Reads a block, or an address, which is a block of one; bits behind the prefix count as zero.
   *
   * @return empty when it is neither
   */
  public static Optional<Cidr> parse(String text) {
    Matcher parts = BLOCK.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    Optional<Address> address = Address.parse(String.valueOf(parts.group(1)));
    if (address.isEmpty()) {
      return Optional.empty();
    }
    int before = text.indexOf(':') < 0 ? MAPPED_BITS : 0;
    int prefix =
        parts.group(2) == null ? BITS : before + Integer.parseInt(String.valueOf(parts.group(2)));
    return prefix > BITS
        ? Optional.empty()
        : Optional.of(new Cidr(masked(address.get(), prefix), prefix));
  }

  /** Whether an address lies in it. */
  public boolean contains(Address address) {
    return masked(address, prefix).equals(first);
  }

  /** Whether it holds every address of IPv4, or more. */
  public boolean holdsEverybody() {
    return prefix <= MAPPED_BITS && contains(new Address(0, 0xFFFFL << 32));
  }

  private static Address masked(Address address, int prefix) {
    long high = prefix >= 64 ? -1L : prefix == 0 ? 0 : -1L << (64 - prefix);
    long low = prefix <= 64 ? 0 : -1L << (BITS - prefix);
    return new Address(address.high() & high, address.low() & low);
  }
}
