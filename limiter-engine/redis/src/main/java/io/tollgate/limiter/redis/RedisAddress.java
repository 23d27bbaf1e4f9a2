package io.tollgate.limiter.redis;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where Redis is, and how it is spoken to.
 *
 * @param servers the server, the Sentinels that know where it is, or some of a Cluster; at least
 *     one
 * @param sentinelMaster under which name Sentinels know it; empty where there are none
 * @param cluster whether they are of a Cluster
 * @param database its number
 * @param username of an ACL user; empty for the default one
 * @param password empty where none is asked for
 * @param sentinelPassword of the Sentinels themselves
 * @param tls whether TLS is spoken
 * @param tlsAuthorities PEM file of those who sign its certificate; empty for Java's own
 */
public record RedisAddress(
    List<Server> servers,
    Optional<String> sentinelMaster,
    boolean cluster,
    int database,
    Optional<String> username,
    Optional<String> password,
    Optional<String> sentinelPassword,
    boolean tls,
    Optional<Path> tlsAuthorities) {

  /** A host's name or address, and a port. */
  public record Server(String host, int port) {

    @Override
    public String toString() {
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
  }

  /** Keeps the list as it is now. */
  public RedisAddress {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("there is no server");
    }
    if (cluster && (sentinelMaster.isPresent() || database != 0)) {
      throw new IllegalArgumentException("a Cluster has no Sentinels and one database");
    }
  }

  /** A server without a password. */
  public static RedisAddress of(String host, int port) {
    return new RedisAddress(
        List.of(new Server(host, port)),
        Optional.empty(),
        false,
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** The servers, without a secret. */
  @Override
  public String toString() {
    return String.join(",", servers.stream().map(Server::toString).toList())
        + (cluster ? " (Cluster)" : "")
        + sentinelMaster.map(name -> " (Sentinels of " + name + ")").orElse("");
  }
}
