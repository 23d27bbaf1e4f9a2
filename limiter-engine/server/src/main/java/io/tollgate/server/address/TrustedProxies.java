package io.tollgate.server.address;

import java.util.List;
import java.util.Optional;

/**
 * The proxies that are believed when they say for whom they ask.
 *
 * @param blocks where they are; each is looked at for each address, so they are few
 */
public record TrustedProxies(List<Cidr> blocks) {

  /** More than anybody writes who names networks, and few enough to try one after the other. */
  public static final int MOST = 64;

  /** Nobody is believed. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** Far more proxies than stand behind each other; whoever sends more is up to something. */
  private static final int MOST_HOPS = 32;

  /** A port is at most five digits behind a colon. */
  private static final int MOST_PORT = 6;

  /** Requires at most {@link #MOST} blocks. */
  public TrustedProxies {
    if (blocks.size() > MOST) {
      throw new IllegalArgumentException(blocks.size() + " blocks are more than " + MOST);
    }
    blocks = List.copyOf(blocks);
  }

  /** Whether somebody with this address is one of them. */
  public boolean trusts(Address address) {
    for (Cidr block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The address of a client, of those that proxies have written one behind the other: the last one
   * that is no trusted proxy, since only what a trusted proxy has written is believed; when all
   * are, the first.
   *
   * @param socket who asks
   * @param forwarded addresses with commas between, with or without ports; empty: none
   * @return empty when an address that counts is none, or when there are too many of them
   */
  public Optional<Address> client(Address socket, String forwarded) {
    Optional<Address> client = Optional.of(socket);
    int end = forwarded.length();
    int hops = 0;
    while (client.isPresent() && trusts(client.get()) && end > 0) {
      int comma = forwarded.lastIndexOf(',', end - 1);
      String entry = forwarded.substring(comma + 1, end).strip();
      end = comma;
      if (!entry.isEmpty()) {
        client = ++hops > MOST_HOPS ? Optional.empty() : Address.parse(withoutPort(entry));
      }
    }
    return client;
  }

  private static String withoutPort(String entry) {
    int bracket = entry.indexOf(']');
    if (entry.startsWith("[") && bracket > 0) {
      return isPort(entry, bracket + 1) ? entry.substring(1, bracket) : entry;
    }
    int colon = entry.indexOf(':');
    boolean four = colon > 0 && colon == entry.lastIndexOf(':');
    return four && isPort(entry, colon) ? entry.substring(0, colon) : entry;
  }

  /** Whether nothing stands there, or a colon and a number. */
  private static boolean isPort(String entry, int from) {
    String port = entry.substring(from);
    return port.isEmpty() || (port.length() <= MOST_PORT && port.matches(":[0-9]+"));
  }
}
