package io.tollgate.server.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

  @ParameterizedTest
  @CsvSource({
    "203.0.113.9, 203.0.113.9",
    "255.255.255.255, 255.255.255.255",
    "0.0.0.0, 0.0.0.0",
    "::ffff:203.0.113.9, 203.0.113.9",
    "::FFFF:cb00:7109, 203.0.113.9",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:DB8:0:0:ffff::, 2001:db8::/64",
    "2001:0:0:1::5, 2001:0:0:1::/64",
    "::1, ::/64",
    "fe80::203.0.113.9, fe80::/64",
  })
  void aClientIsAnAddressOfFourOrANetworkOfSix(String text, String client) {
    assertEquals(client, Address.parse(text).orElseThrow().client());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "127.1",
        "01.2.3.4",
        "1.2.3.256",
        "1.2.3.4.5",
        "1.2.3",
        "0x7f.0.0.1",
        "::1%eth0",
        "[::1]",
        "::1/64",
        "1:2",
        ":::",
        "::1::2",
        "1:2:3:4:5:6:7:8:9",
        "::g",
        "localhost",
        "unknown",
        "_hidden",
        "1.2.3.4 ",
        "::ffff:1.2.3.4:80",
        "١.٢.٣.٤",
        "0000:0000:0000:0000:0000:0000:0000:0000:000001",
      })
  void whatIsNoAddressIsNone(String text) {
    assertEquals(Optional.empty(), Address.parse(text));
  }

  @Test
  void bothSpellingsOfAnAddressOfFourAreEqual() {
    assertEquals(Address.parse("10.1.2.3"), Address.parse("::ffff:10.1.2.3"));
  }

  @Test
  void whatASocketHasIsWhatItsTextSays() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      InetAddress address = InetAddress.getByAddress(bytes);
      assertEquals(
          Optional.of(Address.of(address)),
          Address.parse(address.getHostAddress()),
          () -> address + "");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.9.9.9/8, 10.0.0.1, true",
    "10.0.0.0/8, ::ffff:10.1.1.1, true",
    "::ffff:10.0.0.0/104, 10.1.1.1, true",
    "192.168.1.7, 192.168.1.7, true",
    "192.168.1.7, 192.168.1.8, false",
    "192.168.1.7/32, 192.168.1.6, false",
    "2001:db8::/32, 2001:db8:ffff::1, true",
    "2001:db8::/32, 2001:db9::1, false",
    "2001:db8::/63, 2001:db8:0:1::1, true",
    "2001:db8::/63, 2001:db8:0:2::1, false",
    "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
    "2001:db8::/65, 2001:db8::8000:0:0:1, false",
    "::1, ::1, true",
    "::/1, 10.0.0.1, true",
    "0.0.0.0/0, 8.8.8.8, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 8.8.8.8, true",
  })
  void aBlockHoldsWhatSharesItsPrefix(String block, String address, boolean holds) {
    assertEquals(
        holds, Cidr.parse(block).orElseThrow().contains(Address.parse(address).orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "::/129",
        "::/1000",
        "10/8",
        "proxy/8",
        "10.0.0.0 /8",
        "10.0.0.0/255.0.0.0",
      })
  void whatIsNoBlockIsNone(String text) {
    assertEquals(Optional.empty(), Cidr.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, true",
    "::/0, true",
    "::/80, true",
    "::ffff:0:0/96, true",
    "0.0.0.0/1, false",
    "10.0.0.0/8, false",
    "2001:db8::/32, false",
  })
  void aBlockOfEverybodyIsSeen(String block, boolean everybody) {
    assertEquals(everybody, Cidr.parse(block).orElseThrow().holdsEverybody());
  }

  @Test
  void bitsBehindThePrefixAreNoBlock() {
    Address one = Address.parse("10.0.0.1").orElseThrow();
    assertThrows(IllegalArgumentException.class, () -> new Cidr(one, 104));
    assertThrows(IllegalArgumentException.class, () -> new Cidr(one, 129));
  }
}
