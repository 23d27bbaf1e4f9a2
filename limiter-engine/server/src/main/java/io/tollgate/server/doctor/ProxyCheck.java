package io.tollgate.server.doctor;

import io.tollgate.server.address.Cidr;
import io.tollgate.server.address.TrustedProxies;

/** Whose forwarded addresses gateways' requests are believed. */
final class ProxyCheck {

  private static final String CHECK = "trusted proxies";
  private static final String NAME = "TOLLGATE_TRUSTED_PROXIES";

  /** What registries give to one network at most: an IPv4 /8, of which 96 bits are IPv6's. */
  private static final int WIDE = 96 + 8;

  /** And of IPv6. */
  private static final int WIDE_V6 = 12;

  private static final int V6 = 96;

  private ProxyCheck() {}

  static Finding of(TrustedProxies proxies) {
    int count = proxies.blocks().size();
    if (count == 0) {
      return Finding.ok(
          CHECK, "none: /v1/authz takes who connects for the client, whatever headers say");
    }
    if (proxies.blocks().stream().anyMatch(ProxyCheck::isWide)) {
      return Finding.warning(
          CHECK,
          NAME + " has a network wider than any owner has: whoever is in it can be anybody",
          "name the addresses of the gateways, such as 10.1.0.0/16");
    }
    return Finding.ok(
        CHECK,
        (count == 1 ? "one address or network is" : count + " addresses or networks are")
            + " believed by /v1/authz; each must remove or extend what clients send");
  }

  private static boolean isWide(Cidr block) {
    return block.prefix() < (block.prefix() < V6 ? WIDE_V6 : WIDE);
  }
}
