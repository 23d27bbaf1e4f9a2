package io.tollgate.server.settings;

import static io.tollgate.server.settings.SomeSettings.problems;
import static io.tollgate.server.settings.SomeSettings.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownNamesTest {

  @ParameterizedTest
  @CsvSource({
    "TOLLGATE_TOKN, did you mean TOLLGATE_TOKEN?",
    "TOLLGATE_HTTPPORT, did you mean TOLLGATE_HTTP_PORT?",
    "TOLLGATE_LIMIT, did you mean TOLLGATE_LIMITS?",
    "TOLLGATE_COLOUR_OF_THE_DOOR, unset it; docs/environment.md lists what there is",
  })
  void anUnknownNameIsRefusedWithTheNearestKnown(String name, String fix) {
    assertEquals(
        List.of(name + " is not a setting of this server; " + fix), problems(name, "secret"));
  }

  @ParameterizedTest
  @CsvSource({
    "TOLLGATE_ENDPOINT, http://localhost:8080",
    "TOLLGATE_API_KEY, tg_live_x",
    "TOLLGATE_PORT, tcp://10.0.0.1:8080",
    "TOLLGATE_SERVICE_HOST, 10.0.0.1",
    "TOLLGATE_SERVICE_PORT, 8080",
    "TOLLGATE_SERVICE_PORT_HTTP, 8080",
    "TOLLGATE_PORT_8080_TCP, tcp://10.0.0.1:8080",
    "TOLLGATE_PORT_8080_TCP_ADDR, 10.0.0.1",
    "TOLLGATE_REDIS_SERVICE_HOST, 10.0.0.1",
    "TOLLGATE_REDIS_PORT, tcp://10.0.0.1:6379",
    "TOLLGATE_REDIS_PORT_6379_TCP_PROTO, tcp",
    "REDIS_PORT, tcp://10.0.0.1:6379",
    "REDIS_SERVICE_HOST, 10.0.0.1",
    "DPRL_SERVICE_HOST, 10.0.0.1",
    "PATH, /bin",
  })
  void namesOfSdksOfKubernetesAndOfOthersAreNotOurs(String name, String value) {
    assertEquals(settings(), settings(name, value));
  }
}
