package io.tollgate.server.settings;

import io.tollgate.server.settings.RedisSettings.Address;
import io.tollgate.server.settings.RedisSettings.Mode;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code host:port[,host:port…]}. */
final class RedisAddresses {

  /** What is wrong with addresses that cannot be read. */
  static final String WRONG = "is not host:port, or up to 16 of them with commas between";

  /** What to do about them. */
  static final String FIX =
      "write a name, an IPv4 address or an IPv6 address in brackets, and a port from 1 to 65535";

  /** More sentinels than anybody runs for one Redis, and enough of a Cluster to find the others. */
  private static final int MOST = 16;

  private static final int REDIS_PORT = 6_379;
  private static final int SENTINEL_PORT = 26_379;
  private static final int MOST_PORT = 65_535;

  /** A name is at most as long as DNS has them; with _, which is common among containers. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<host>[A-Za-z0-9_][A-Za-z0-9._-]{0,252}))"
              + "(?::(?<port>[0-9]{1,5}))?");

  private RedisAddresses() {}

  /** The addresses; empty when one of them is none, or when there are too many. */
  static Optional<List<Address>> read(String text, Mode mode) {
    List<Address> addresses = new ArrayList<>();
    for (String part : text.split(",", MOST + 1)) {
      Optional<Address> address = address(part, mode);
      if (address.isEmpty() || addresses.size() == MOST) {
        return Optional.empty();
      }
      addresses.add(address.get());
    }
    return Optional.of(addresses);
  }

  private static Optional<Address> address(String text, Mode mode) {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    int usual =
        switch (mode) {
          case SINGLE, CLUSTER -> REDIS_PORT;
          case SENTINEL -> SENTINEL_PORT;
        };
    int port = Optional.ofNullable(parts.group("port")).map(Integer::parseInt).orElse(usual);
    String host = parts.group("host");
    String six = parts.group("six");
    return port >= 1 && port <= MOST_PORT && (six == null || isIpv6(six))
        ? Optional.of(new Address(six == null ? String.valueOf(host) : six, port))
        : Optional.empty();
  }

  private static boolean isIpv6(String text) {
    try {
      var _ = InetAddress.ofLiteral(text);
      return text.contains(":");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
