package io.tollgate.server.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {

  private static final TrustedProxies PROXIES =
      new TrustedProxies(
          List.of(
              Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("2001:db8::/32").orElseThrow()));

  private static Optional<String> client(String socket, String forwarded) {
    return PROXIES.client(Address.parse(socket).orElseThrow(), forwarded).map(Address::client);
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, '', 203.0.113.9",
    "203.0.113.9, 198.51.100.1, 203.0.113.9",
    "203.0.113.9, 'nonsense, 10.0.0.1', 203.0.113.9",
    "10.0.0.1, '', 10.0.0.1",
    "10.0.0.1, 198.51.100.1, 198.51.100.1",
    "10.0.0.1, '6.6.6.6, 198.51.100.1', 198.51.100.1",
    "10.0.0.1, '6.6.6.6, 198.51.100.1, 10.0.0.2', 198.51.100.1",
    "10.0.0.1, 'nonsense, 198.51.100.1,10.0.0.2', 198.51.100.1",
    "10.0.0.1, '10.0.0.3, 10.0.0.2', 10.0.0.3",
    "10.0.0.1, ', 198.51.100.1 ,\t, ', 198.51.100.1",
    "10.0.0.1, ',', 10.0.0.1",
    "10.0.0.1, '198.51.100.1:4711', 198.51.100.1",
    "10.0.0.1, '[2001:db9::1]:4711', 2001:db9::/64",
    "10.0.0.1, '[2001:db9::1]', 2001:db9::/64",
    "10.0.0.1, '2001:db9::1', 2001:db9::/64",
    "10.0.0.1, '6.6.6.6, ::ffff:198.51.100.1, ::ffff:10.0.0.2', 198.51.100.1",
    "2001:db8::1, '198.51.100.1, 2001:db8::5', 198.51.100.1",
    "::ffff:10.0.0.1, '198.51.100.1', 198.51.100.1",
  })
  void theClientIsTheLastWhoIsNoTrustedProxy(String socket, String forwarded, String client) {
    assertEquals(Optional.of(client), client(socket, forwarded));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "_x",
        "198.51.100.1:",
        "198.51.100.1:x",
        "198.51.100.1:123456",
        "[::1",
        "[::1]x",
        "198.51.100.1;10.0.0.2",
        "198.51.100.1, unknown",
        "for=198.51.100.1",
      })
  void whatCountsAndIsNoAddressIsNoClient(String forwarded) {
    assertEquals(Optional.empty(), client("10.0.0.1", forwarded));
  }

  @Test
  void nobodyIsFollowedForEver() {
    String hops = String.join(",", Collections.nCopies(32, "10.0.0.2"));
    assertEquals(Optional.of("10.0.0.2"), client("10.0.0.1", hops));
    assertEquals(Optional.empty(), client("10.0.0.1", hops + ",10.0.0.3"));
    assertEquals(Optional.of("198.51.100.1"), client("10.0.0.1", hops + ",198.51.100.1"));
  }

  @Test
  void withoutProxiesNobodyIsBelieved() {
    Address socket = Address.parse("10.0.0.1").orElseThrow();
    assertEquals(Optional.of(socket), TrustedProxies.NONE.client(socket, "198.51.100.1"));
  }

  @Test
  void thereAreFewBlocks() {
    List<Cidr> many = Collections.nCopies(65, Cidr.parse("::1").orElseThrow());
    assertThrows(IllegalArgumentException.class, () -> new TrustedProxies(many));
  }
}
