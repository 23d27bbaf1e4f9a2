package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Where Redis is and how it is entered, said piece by piece. */
record Entry(RedisAddress address) {

  /** A server on this machine. */
  static Entry to(int port) {
    return new Entry(RedisAddress.of("127.0.0.1", port));
  }

  /** Sentinels on this machine. */
  static Entry bySentinels(String master, int... ports) {
    List<Server> servers =
        Arrays.stream(ports).mapToObj(port -> new Server("127.0.0.1", port)).toList();
    return new Entry(
        new RedisAddress(
            servers,
            Optional.of(master),
            false,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty()));
  }

  Entry database(int number) {
    return with(number, address.username(), address.password());
  }

  Entry password(String password) {
    return with(address.database(), address.username(), Optional.of(password));
  }

  Entry user(String name, String password) {
    return with(address.database(), Optional.of(name), Optional.of(password));
  }

  private Entry with(int database, Optional<String> username, Optional<String> password) {
    return new Entry(
        new RedisAddress(
            address.servers(),
            address.sentinelMaster(),
            false,
            database,
            username,
            password,
            address.sentinelPassword(),
            address.tls(),
            address.tlsAuthorities()));
  }

  Entry sentinelPassword(String password) {
    return new Entry(
        new RedisAddress(
            address.servers(),
            address.sentinelMaster(),
            false,
            address.database(),
            address.username(),
            address.password(),
            Optional.of(password),
            address.tls(),
            address.tlsAuthorities()));
  }

  /** Over TLS, trusting these. */
  Entry tls(Path authorities) {
    return new Entry(
        new RedisAddress(
            address.servers(),
            address.sentinelMaster(),
            false,
            address.database(),
            address.username(),
            address.password(),
            address.sentinelPassword(),
            true,
            Optional.of(authorities)));
  }
}
