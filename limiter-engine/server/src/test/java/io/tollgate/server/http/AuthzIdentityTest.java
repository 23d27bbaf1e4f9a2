package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.server.address.TrustedProxies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a request is that a gateway asks about, and what it costs. */
class AuthzIdentityTest extends AuthzFixture {
  @Test
  void theFirstKindThatIsThereCountsAndEachKindApart() throws Exception {
    String key = "X-API-Key: s3cret";
    String token = "Authorization: Bearer s3cret";
    String address = "X-Forwarded-For: 203.0.113.9";
    get(ASK, key, token, address);
    assertEquals(1, door.remaining("edge", "key:" + sha256("s3cret")));
    get(ASK, token, address);
    assertEquals(1, door.remaining("edge", "auth:" + sha256("bearer s3cret")));
    get(ASK, address);
    assertEquals(1, door.remaining("edge", "addr:203.0.113.9"));
    get("/v1/authz?namespace=wide", key, token, address);
    assertEquals(999, door.remaining("wide", "addr:203.0.113.9"));
    get(ASK, "X-API-Key: addr:203.0.113.9");
    assertEquals(1, door.remaining("edge", "addr:203.0.113.9"));
    get(ASK, "X-API-Key:", "Authorization: ", address);
    assertEquals(0, door.remaining("edge", "addr:203.0.113.9"));
    get(ASK, "X-Forwarded-For: 2001:db8:0:7::1");
    get(ASK, "X-Forwarded-For: 2001:db8:0:7:ffff::2");
    assertEquals(0, door.remaining("edge", "addr:2001:db8:0:7::/64"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer tok", "bearer tok", "BEARER   tok", "bEaReR \t tok"})
  void everySpellingOfATokenHasOneCounter(String spelling) throws Exception {
    get(ASK, "Authorization: " + spelling);
    assertEquals(1, door.remaining("edge", "auth:" + sha256("bearer tok")));
  }

  @Test
  void longAndForeignCredentialsAreHashedLikeAllOthers() throws Exception {
    get(ASK, "Authorization: Bearer " + "j".repeat(8_000));
    assertEquals(1, door.remaining("edge", "auth:" + sha256("bearer " + "j".repeat(8_000))));
    get(ASK, "X-API-Key: schlüssel");
    assertEquals(1, door.remaining("edge", "key:" + sha256("schlüssel")));
    byte[] odd = Client.request("GET", ASK, "", "X-API-Key: ~").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < odd.length; i++) {
      odd[i] = odd[i] == '~' ? (byte) 0xff : odd[i];
    }
    assertEquals(200, client.send(odd).read().status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-API-Key",
        "Authorization",
        "X-Forwarded-Method",
        "X-Forwarded-Uri",
        "X-Original-Method",
        "X-Original-URI",
        "X-Tollgate-Cost",
      })
  void aHeaderThatIsThereTwiceIsRefusedByName(String header) throws IOException {
    for (String second : List.of("1", "2")) {
      Answer refused = get(ASK, header + ": 1", header.toLowerCase(Locale.ROOT) + ": " + second);
      assertEquals(400, refused.status());
      assertEquals(List.of(header), refused.pointers());
      assertEquals(403, get(ASK + "&deny=403", header + ": 1", header + ": 2").status());
    }
    assertEquals(2, door.remaining("edge", "addr:127.0.0.1"));
  }

  @Test
  void onlyWhatATrustedProxyHasWrittenIsBelieved() throws IOException {
    get(ASK, "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 127.0.0.2");
    assertEquals(1, door.remaining("edge", "addr:203.0.113.9"));
    get(ASK, "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 203.0.113.9");
    assertEquals(0, door.remaining("edge", "addr:203.0.113.9"));
    get(ASK, "Forwarded: for=6.6.6.6");
    assertEquals(1, door.remaining("edge", "addr:127.0.0.1"));
    Answer refused = get(ASK, "X-Forwarded-For: 203.0.113.9, nonsense");
    assertEquals(400, refused.status());
    assertEquals(List.of("X-Forwarded-For"), refused.pointers());
    assertEquals(2, door.remaining("edge", "addr:6.6.6.6"));
  }

  @Test
  void withoutTrustForwardedAddressesAndCostsAreIgnored() throws IOException {
    try (TestDoor other = open(TrustedProxies.NONE, Optional.empty());
        Client asking = other.client()) {
      String[] forged = {"X-Forwarded-For: 203.0.113.9", "X-Tollgate-Cost: 0"};
      for (int status : new int[] {200, 200, 429}) {
        Answer answer = asking.send(Client.request("GET", ASK, "", forged)).read();
        assertEquals(status, answer.status());
      }
      assertEquals(0, other.remaining("edge", "addr:127.0.0.1"));
      assertEquals(2, other.remaining("edge", "addr:203.0.113.9"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "x", "9007199254740992", "99999999999999999999", "1 2"})
  void aCostThatIsNoneIsRefused(String cost) throws IOException {
    Answer refused = get(ASK, "X-Tollgate-Cost: " + cost);
    assertEquals(400, refused.status());
    assertEquals(List.of("X-Tollgate-Cost"), refused.pointers());
  }

  @Test
  void aTrustedProxySaysWhatItCosts() throws IOException {
    get("/v1/authz?namespace=wide", "X-Tollgate-Cost: 100");
    get("/v1/authz?namespace=wide", "X-Tollgate-Cost: 0");
    assertEquals(900, door.remaining("wide", "addr:127.0.0.1"));
  }
}
