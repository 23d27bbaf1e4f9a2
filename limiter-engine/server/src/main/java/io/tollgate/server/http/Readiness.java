package io.tollgate.server.http;

import java.util.Optional;

/**
 * Whether checks are answered, and how.
 *
 * @param shared the store that instances share; empty where counters are in this process's memory
 */
public record Readiness(Status status, Optional<Shared> shared) {

  /** Whether checks are answered. */
  public enum Status {
    /** They are. */
    OK,
    /** They are, but some by what their limits say for a store that is away. */
    DEGRADED,
    /** They are not. */
    NOT_READY
  }

  /**
   * How the shared store fares.
   *
   * @param connections how many there should be
   * @param up how many can be used
   * @param instances how many instances shared it when it was last seen
   * @param problem what is wrong; empty when nothing is
   */
  public record Shared(int connections, int up, int instances, String problem) {}

  /** Of a server that counts in its own memory. */
  public static Readiness of(boolean ready) {
    return new Readiness(ready ? Status.OK : Status.NOT_READY, Optional.empty());
  }
}
