package io.tollgate.server.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The door of Redis clients.
 *
 * @param port 0 takes a free one
 * @param namespace where their keys count; it need not be configured
 */
public record RespSettings(int port, String namespace) {

  private static final String DEFAULT_NAMESPACE = "redis";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  static RespSettings read(Source source, int port) {
    Optional<Source.Setting> name = source.value(Variable.RESP_NAMESPACE);
    if (name.isPresent() && !NAME.matcher(name.get().text()).matches()) {
      name.get().problem("is not a namespace", "write 1 to 128 of A-Z a-z 0-9 . _ : -");
    }
    return new RespSettings(port, name.map(Source.Setting::text).orElse(DEFAULT_NAMESPACE));
  }

  /** There is no door, so it has no namespace either. */
  static Optional<RespSettings> off(Source source) {
    source
        .value(Variable.RESP_NAMESPACE)
        .ifPresent(name -> name.problem("is of no use without a port", "set TOLLGATE_RESP_PORT"));
    return Optional.empty();
  }

  /** Whoever has no token can be told from nobody, so only this machine may come without one. */
  static void requireToken(Source source, ListenSettings listen, SecretSettings secrets) {
    if (listen.resp().isPresent() && !listen.loopback() && secrets.checkToken().isEmpty()) {
      source.problem(
          "TOLLGATE_RESP_PORT is set and TOLLGATE_TOKEN is not: beyond this machine Redis clients"
              + " must AUTH; set TOLLGATE_TOKEN, or TOLLGATE_BIND=127.0.0.1, or"
              + " TOLLGATE_RESP_PORT=off");
    }
  }
}
