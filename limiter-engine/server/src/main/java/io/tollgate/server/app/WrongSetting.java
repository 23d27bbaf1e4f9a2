package io.tollgate.server.app;

import io.tollgate.limiter.redis.Refusal;
import io.tollgate.server.settings.SettingsException;
import io.tollgate.server.tls.KeyMaterial;
import io.tollgate.server.tls.TlsException;
import java.nio.file.Path;
import java.util.List;

/** What Redis refuses, as the setting that an operator should look at. */
final class WrongSetting {

  private WrongSetting() {}

  /**
   * To be thrown when Redis refuses what is set.
   *
   * @param address where Redis is
   * @param why what it has said, with its address or without
   */
  static SettingsException of(Refusal refusal, String address, String why) {
    return new SettingsException(
        List.of(
            "Redis at "
                + address
                + " refuses what is set: "
                + without(address, why)
                + "; "
                + what(refusal)
                + "look at "
                + variables(refusal)));
  }

  /** The words of a failure, for a sentence that names the address before. */
  static String without(String address, String why) {
    String named = address + ": ";
    return why.startsWith(named) ? why.substring(named.length()) : why;
  }

  /**
   * Reads whom TLS is to trust, as it will be read for each connection.
   *
   * @throws SettingsException when the file cannot be used
   */
  static void requireAuthorities(Path file) {
    try {
      var _ = KeyMaterial.authorities(file);
    } catch (TlsException e) {
      throw new SettingsException(List.of("REDIS_TLS_CA: " + e.getMessage()));
    }
  }

  /** Where Redis's own words do not say it to who does not know them. */
  private static String what(Refusal refusal) {
    return switch (refusal) {
      case CLUSTER -> "it is one of a Cluster: ";
      case NO_CLUSTER -> "it is no Cluster: ";
      case MASTER_NAME,
          SENTINEL_LOGIN,
          LOGIN,
          RIGHTS,
          DATABASE,
          AUTHORITY,
          HOST,
          CERTIFICATE,
          CLIENT_CERTIFICATE,
          TLS ->
          "";
    };
  }

  private static String variables(Refusal refusal) {
    return switch (refusal) {
      case MASTER_NAME -> "REDIS_SENTINEL_MASTER, or the end of REDIS_URL";
      case SENTINEL_LOGIN -> "REDIS_SENTINEL_PASSWORD";
      case LOGIN -> "REDIS_USERNAME and REDIS_PASSWORD, or the login in REDIS_URL";
      case RIGHTS -> "the rights of REDIS_USERNAME, and REDIS_KEY_PREFIX";
      case DATABASE -> "REDIS_DB, or the path in REDIS_URL";
      case AUTHORITY -> "REDIS_TLS_CA";
      case HOST -> "REDIS_ADDR, or the host in REDIS_URL";
      case CERTIFICATE -> "the certificate of Redis, and REDIS_TLS_CA";
      case CLIENT_CERTIFICATE -> "tls-auth-clients of Redis: Tollgate has none to show";
      case CLUSTER, NO_CLUSTER -> "REDIS_MODE, or the beginning of REDIS_URL";
      case TLS -> "REDIS_TLS, or the beginning of REDIS_URL";
    };
  }
}
