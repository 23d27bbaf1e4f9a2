package io.tollgate.server.settings;

import java.util.Locale;
import java.util.Optional;

/** The variables that this server obeys. */
enum Variable {
  MODE("MODE"),
  BIND("TOLLGATE_BIND"),
  HTTP_PORT("TOLLGATE_HTTP_PORT"),
  GRPC_PORT("TOLLGATE_GRPC_PORT"),
  ADMIN_PORT("TOLLGATE_ADMIN_PORT"),
  RESP_PORT("TOLLGATE_RESP_PORT"),
  RESP_NAMESPACE("TOLLGATE_RESP_NAMESPACE"),
  MAX_CONNECTIONS("TOLLGATE_MAX_CONNECTIONS"),
  TRUSTED_PROXIES("TOLLGATE_TRUSTED_PROXIES"),
  TLS_CERT("TOLLGATE_TLS_CERT"),
  TLS_KEY("TOLLGATE_TLS_KEY"),
  TLS_CLIENT_CA("TOLLGATE_TLS_CLIENT_CA"),
  LIMITS("TOLLGATE_LIMITS"),
  TOKEN("TOLLGATE_TOKEN"),
  ADMIN_TOKEN("TOLLGATE_ADMIN_TOKEN"),
  HASH_KEY("TOLLGATE_HASH_KEY"),
  DATA_DIR("TOLLGATE_DATA_DIR"),
  REDIS_ADDR("REDIS_ADDR"),
  REDIS_URL("REDIS_URL"),
  REDIS_DB("REDIS_DB"),
  REDIS_MODE("REDIS_MODE"),
  REDIS_USERNAME("REDIS_USERNAME"),
  REDIS_PASSWORD("REDIS_PASSWORD"),
  REDIS_TLS("REDIS_TLS"),
  REDIS_TLS_CA("REDIS_TLS_CA"),
  REDIS_KEY_PREFIX("REDIS_KEY_PREFIX"),
  REDIS_SENTINEL_MASTER("REDIS_SENTINEL_MASTER"),
  REDIS_SENTINEL_PASSWORD("REDIS_SENTINEL_PASSWORD"),
  REDIS_TIMEOUT_MS("REDIS_TIMEOUT_MS"),
  REDIS_BATCH("REDIS_BATCH"),
  REDIS_CALLS("REDIS_CALLS"),
  LOG_LEVEL("LOG_LEVEL"),
  LOG_FORMAT("LOG_FORMAT"),
  BASE_LIMIT("BASE_LIMIT"),
  WINDOW_SECONDS("WINDOW_SECONDS");

  private final String variableName;

  Variable(String variableName) {
    this.variableName = variableName;
  }

  String variableName() {
    return variableName;
  }

  /** A secret is no flag: everybody on the machine sees a process's flags. */
  boolean secret() {
    return switch (this) {
      case TOKEN, ADMIN_TOKEN, HASH_KEY, REDIS_URL, REDIS_PASSWORD, REDIS_SENTINEL_PASSWORD -> true;
      default -> false;
    };
  }

  /** The flag that says the same; none for a secret. */
  Optional<String> flag() {
    String bare = variableName.replaceFirst("^TOLLGATE_", "");
    return secret()
        ? Optional.empty()
        : Optional.of("--" + bare.toLowerCase(Locale.ROOT).replace('_', '-'));
  }
}
