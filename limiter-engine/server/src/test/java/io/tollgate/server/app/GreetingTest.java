package io.tollgate.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreetingTest {

  private static final Catalog ANY =
      new Catalog(List.of(NamespaceSpec.of(NamespaceSpec.ANY, List.of())));

  private static Greeting greeting(Catalog catalog, String... environment) {
    Map<String, String> set = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      set.put(environment[i], environment[i + 1]);
    }
    return Greeting.of(Settings.of(Map.of(), set), 80, catalog);
  }

  @Test
  void theListeningLineIsJsonAndDoorsThatAreNotBuiltAreNull() {
    assertEquals(
        "{\"event\":\"listening\",\"http\":1,\"grpc\":null,\"admin\":2,\"resp\":null}",
        Greeting.listening(1, OptionalInt.empty(), 2, OptionalInt.empty()));
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
        greeting(ANY, "TOLLGATE_BIND", address)
            .forPeople()
            .endsWith(
                "  curl -X POST "
                    + url
                    + " -d '{\"identifier\": \"user_123\", \"namespace\": \"api_requests\"}'"));
  }

  @Test
  void theCallToTryShowsTheTokensVariableAndNeverTheToken() {
    assertTrue(
        greeting(ANY, "TOLLGATE_TOKEN", "hunter2")
            .call()
            .contains("/v1/check -H \"Authorization: Bearer $TOLLGATE_TOKEN\" -d"));
  }

  @Test
  void theCallToTryNamesANamespaceThatThereIs() {
    Catalog catalog =
        new Catalog(
            List.of(NamespaceSpec.of("mail", List.of()), NamespaceSpec.of("backend", List.of())));
    assertTrue(greeting(catalog).call().contains("\"namespace\": \"backend\""));
  }

  @Test
  void withTlsTheCallGoesToHttps() {
    Greeting tls = greeting(ANY, "TOLLGATE_TLS_CERT", "c", "TOLLGATE_TLS_KEY", "k");
    assertEquals("https://127.0.0.1:80", tls.url());
  }
}
