package io.tollgate.server.doctor;

import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Examines what a server would start with, and what it would find. */
public final class Doctor {

  private Doctor() {}

  /**
   * Looks at everything; takes a few seconds at most.
   *
   * @param flags values by flag, as {@code tollgate serve} takes them
   * @param environment variables by name
   */
  public static List<Finding> examine(Map<String, String> flags, Map<String, String> environment) {
    return examine(flags, environment, Machine.here());
  }

  static List<Finding> examine(
      Map<String, String> flags, Map<String, String> environment, Machine machine) {
    List<Finding> findings = new ArrayList<>();
    try {
      Settings settings = Settings.of(flags, environment);
      findings.add(Finding.ok("settings", given(flags, environment)));
      findings.addAll(LimitsCheck.of(settings.limits()));
      findings.addAll(PortCheck.of(settings));
      findings.addAll(TokenCheck.of(settings, environment));
      findings.add(ProxyCheck.of(settings.listen().trustedProxies()));
      findings.addAll(RedisCheck.of(settings, Settings.given(flags, environment), machine.clock()));
      findings.addAll(DataFolderCheck.of(settings.data(), settings.redis().isPresent()));
      findings.addAll(TlsCheck.of(settings, machine.clock()));
      findings.addAll(OpenFileCheck.of(settings.listen(), machine.proc()));
    } catch (SettingsException e) {
      // What the other checks would look at is not known then.
      for (String problem : e.problems()) {
        findings.add(Finding.wrong("settings", problem));
      }
    }
    findings.addAll(MachineCheck.of(machine));
    return List.copyOf(findings);
  }

  private static String given(Map<String, String> flags, Map<String, String> environment) {
    List<String> names = Settings.given(flags, environment);
    return names.isEmpty()
        ? "none is set, so the defaults hold"
        : String.join(", ", names) + (names.size() == 1 ? " is set" : " are set");
  }
}
