package io.tollgate.server.settings;

import io.tollgate.limiter.redis.RedisAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The Redis that counters live in, how it is entered, and how long it may take.
 *
 * @param mode whose addresses they are
 * @param addresses of Redis itself, exactly one, or at least one of its sentinels or of a Cluster
 * @param database its number, 0 to 1023
 * @param username empty: Redis's default user
 * @param password empty: none is sent
 * @param sentinelMaster the name under which sentinels know Redis; without them it means nothing
 * @param sentinelPassword what sentinels ask for; empty: none is sent
 * @param tls whether it is spoken to over TLS, and its sentinels too
 * @param tlsCa who signs its certificate, as a PEM file; empty: whom Java trusts
 * @param keyPrefix begins every key; empty, or at most 64 of A-Z a-z 0-9 . _ : -
 * @param limitMicros how long a check waits for Redis at most
 * @param batch the most checks of one call, 1 to 128
 * @param calls the most calls under way per event loop, 1 to 64; in a Cluster, where a call is of
 *     one slot, batch times as many to each server
 */
public record RedisSettings(
    Mode mode,
    List<Address> addresses,
    int database,
    Optional<String> username,
    Optional<Secret> password,
    String sentinelMaster,
    Optional<Secret> sentinelPassword,
    boolean tls,
    Optional<Path> tlsCa,
    String keyPrefix,
    long limitMicros,
    int batch,
    int calls) {

  /** Whose addresses are named. */
  public enum Mode {
    /** One Redis's own. */
    SINGLE,
    /** Those of sentinels, which say where Redis is. */
    SENTINEL,
    /** Those of some servers of a Cluster, which know the others. */
    CLUSTER
  }

  /**
   * Where a Redis or a sentinel listens.
   *
   * @param host a name, an IPv4 address, or an IPv6 address without brackets
   * @param port 1 to 65535
   */
  public record Address(String host, int port) {}

  /** The settings, whose addresses nobody can change afterwards. */
  public RedisSettings {
    addresses = List.copyOf(addresses);
  }

  /** Where Redis is and how it is entered, for whoever connects. */
  public RedisAddress address() {
    return new RedisAddress(
        addresses.stream()
            .map(address -> new RedisAddress.Server(address.host(), address.port()))
            .toList(),
        mode == Mode.SENTINEL ? Optional.of(sentinelMaster) : Optional.empty(),
        mode == Mode.CLUSTER,
        database,
        username,
        password.map(Secret::value),
        sentinelPassword.map(Secret::value),
        tls,
        tlsCa);
  }
}
