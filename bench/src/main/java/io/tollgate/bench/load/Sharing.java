package io.tollgate.bench.load;

import java.nio.file.Path;

/** How our server may ask Redis. */
enum Sharing {
  /** As it is shipped. */
  SHIPPED("tollgate", 32, 4),

  /** The same over a Cluster of three masters on one core. */
  CLUSTER("Cluster of three", 32, 4),

  /** All ask for one identifier. */
  HOT("hot key", 32, 4),

  /** The same, of which units are taken ahead. */
  ALLOTTED("hot key, allotment", 32, 4),

  /** What it would be without batches. */
  ONE("batches of one", 1, 4),

  /** The same with as many calls under way as there may be. */
  ONE_OF_64("batches of one, 64 calls", 1, 64);

  /** No check of a load waits so long: one that did would be decided without Redis. */
  private static final int TIMEOUT_MILLIS = 1_000;

  private final String label;
  private final int batch;
  private final int calls;

  Sharing(String label, int batch, int calls) {
    this.label = label;
    this.batch = batch;
    this.calls = calls;
  }

  /** How many servers Redis has. */
  int redisServers() {
    return this == CLUSTER ? 3 : 1;
  }

  /** The limits that are asked for. */
  String namespace() {
    return switch (this) {
      case HOT -> "hot-key";
      case ALLOTTED -> "hot-key-allotted";
      default -> "bench";
    };
  }

  /** Whether all ask for one identifier. */
  boolean isHot() {
    return this == HOT || this == ALLOTTED;
  }

  /** What the report calls it. */
  String label() {
    return label;
  }

  /** The most checks of one call. */
  int batch() {
    return batch;
  }

  /** The most calls under way per event loop. */
  int calls() {
    return calls;
  }

  /** How long a check waits for Redis at most. */
  int timeoutMillis() {
    return TIMEOUT_MILLIS;
  }

  /** What exactly is asked and configured. */
  String asked(Path launcher) {
    return (this == SHIPPED ? new TollgatePeer(launcher).asked() : "as " + SHIPPED.label)
        + (isHot() ? "; one identifier of " + namespace() : "")
        + (redisServers() > 1 ? "; REDIS_MODE=cluster" : "")
        + "; REDIS_BATCH="
        + batch
        + ", REDIS_CALLS="
        + calls
        + ", REDIS_TIMEOUT_MS="
        + TIMEOUT_MILLIS;
  }
}
