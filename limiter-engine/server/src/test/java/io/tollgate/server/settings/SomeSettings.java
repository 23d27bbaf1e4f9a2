package io.tollgate.server.settings;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings as an environment makes them: names and values by turns. */
final class SomeSettings {

  private SomeSettings() {}

  static Settings settings(String... environment) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < environment.length; i += 2) {
      map.put(environment[i], environment[i + 1]);
    }
    return Settings.of(Map.of(), map);
  }

  /** What is wrong with an environment that is refused. */
  static List<String> problems(String... environment) {
    return assertThrows(SettingsException.class, () -> settings(environment)).problems();
  }
}
