package io.tollgate.server.http;

import io.tollgate.limiter.catalog.EndpointSpec;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.catalog.NamespaceSpec.Identity;
import io.tollgate.limiter.catalog.NamespaceSpec.NegativeHits;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.server.address.Cidr;
import io.tollgate.server.address.TrustedProxies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A door that believes this machine, with namespaces for gateways. */
abstract class AuthzFixture {
  static final TrustedProxies LOOPBACK =
      new TrustedProxies(List.of(Cidr.parse("127.0.0.0/8").orElseThrow()));
  static final String ASK = "/v1/authz?namespace=edge";

  @SuppressWarnings("NullAway.Init") // before each test
  TestDoor door;

  @SuppressWarnings("NullAway.Init") // before each test
  Client client;

  static NamespaceSpec namespace(String name, long limit, Identity... identity) {
    return new NamespaceSpec(
        name,
        StoreFailure.LOCAL,
        Headers.BOTH,
        List.of(TestDoor.perMinute(limit)),
        List.of(),
        List.of(
            new EndpointSpec(
                "POST /exports*", List.of(LimitSpec.of("exports", TestDoor.window(1))))),
        List.of(),
        NegativeHits.PEEK,
        List.of(identity));
  }

  @BeforeEach
  void open() throws IOException {
    door = open(LOOPBACK, Optional.empty());
    client = door.client();
  }

  static TestDoor open(TrustedProxies proxies, Optional<String> token) throws IOException {
    return TestDoor.trusting(
        proxies,
        token,
        namespace("edge", 2, Identity.values()),
        namespace("keys", 2, Identity.API_KEY),
        namespace("wide", 1_000, Identity.ADDRESS, Identity.API_KEY));
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    door.close();
  }

  Answer get(String target, String... headers) throws IOException {
    return client.send(Client.request("GET", target, "", headers)).read();
  }

  static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
