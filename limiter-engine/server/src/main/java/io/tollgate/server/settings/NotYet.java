package io.tollgate.server.settings;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Variables that are ours, but whose part this server does not have yet. */
final class NotYet {

  private static final String DATABASE = "this server has no database yet";
  private static final String ADAPTIVE = "this server has no adaptive limits yet";
  private static final String SEED =
      "this server does not have the other limiter's surface yet: write a limits file and name it"
          + " in TOLLGATE_LIMITS";

  /** Why each one stops the start. Order is the order of messages. */
  private static final Map<String, String> REASONS = reasons();

  /** Those of them that may also come from a file. */
  private static final Set<String> SECRETS =
      Set.of(
          "DATABASE_URL", "DATABASE_OWNER_URL", "TOLLGATE_KEYRING", "SMTP_URL", "TARGET_API_KEY");

  private NotYet() {}

  private static Map<String, String> reasons() {
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("DATABASE_URL", DATABASE);
    reasons.put("DATABASE_OWNER_URL", DATABASE);
    reasons.put("PUBLIC_URL", "this server sends no links yet");
    reasons.put("TOLLGATE_KEYRING", "this server keeps no keys yet");
    reasons.put("SMTP_URL", "this server sends no mail yet");
    reasons.put("TOLLGATE_COMPAT", SEED);
    reasons.put("ANOMALY_THRESHOLD", ADAPTIVE);
    reasons.put("TRAINING_INTERVAL", ADAPTIVE);
    reasons.put("TARGET_API_URL", SEED);
    reasons.put("TARGET_API_KEY", SEED);
    reasons.put("RATE_LIMIT", SEED);
    return reasons;
  }

  /** The names that the documentation promises to refuse. */
  static Set<String> names() {
    return REASONS.keySet();
  }

  static boolean isSecret(String name) {
    return SECRETS.contains(name);
  }

  static void report(Source source) {
    REASONS.forEach((name, reason) -> {
      report(source, name, reason);
      if (isSecret(name)) {
        report(source, name + "_FILE", reason);
      }
    });
    source.environment().keySet().stream()
        .filter(name -> name.startsWith("DPRL_") && !UnknownNames.isFromKubernetes(source, name))
        .forEach(name -> report(source, name, SEED));
  }

  /** Never with the value: it may be a secret. */
  private static void report(Source source, String name, String reason) {
    Optional<Source.Setting> setting = source.variable(name);
    if (setting.isPresent()) {
      source.problem(name + " is set, but " + reason + "; unset " + name);
    }
  }
}
