package io.tollgate.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.settings.ListenSettings;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreetingTest {

  private static final Catalog ANY =
      new Catalog(List.of(NamespaceSpec.of(NamespaceSpec.ANY, List.of())));

  private static ListenSettings on(String address) {
    return new ListenSettings(InetAddress.ofLiteral(address), 0, 0, 1);
  }

  @Test
  void theListeningLineIsJsonAndDoorsThatAreNotBuiltAreNull() {
    assertEquals(
        "{\"event\":\"listening\",\"http\":1,\"grpc\":null,\"admin\":2,\"resp\":null}",
        Greeting.listening(1, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:80/v1/check",
    "0.0.0.0, http://localhost:80/v1/check",
    "::, http://localhost:80/v1/check",
    "::1, http://[0:0:0:0:0:0:0:1]:80/v1/check",
  })
  void theCallToTryGoesToAnAddressThatWorksHere(String address, String url) {
    assertTrue(
        Greeting.forPeople(on(address), 80, false, ANY)
            .endsWith(
                "  curl -X POST "
                    + url
                    + " -d '{\"identifier\": \"user_123\", \"namespace\": \"api_requests\"}'"));
  }

  @Test
  void theCallToTryShowsTheTokensVariableAndNeverTheToken() {
    assertTrue(
        Greeting.forPeople(on("::1"), 80, true, ANY)
            .contains("/v1/check -H \"Authorization: Bearer $TOLLGATE_TOKEN\" -d"));
  }

  @Test
  void theCallToTryNamesANamespaceThatThereIs() {
    Catalog catalog =
        new Catalog(
            List.of(NamespaceSpec.of("mail", List.of()), NamespaceSpec.of("backend", List.of())));
    assertTrue(
        Greeting.forPeople(on("::1"), 80, false, catalog).contains("\"namespace\": \"backend\""));
  }
}
