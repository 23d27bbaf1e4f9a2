package io.tollgate.bench.load;

import java.util.Optional;

/** A server that is compared: how it is started, and what it is asked. */
sealed interface Peer extends Program
    permits TollgatePeer, SharedPeer, NginxPeer, ThrottlecrabPeer {

  /** Units that pass at once; far more than any identifier is asked for in a run. */
  int BURST = 100_000;

  /** For the one identifier that all connections ask for: never near. */
  int HOT_PER_SECOND = 1_000_000;

  /** The one identifier that all connections ask for. */
  String HOT_IDENTIFIER = "user_hot";

  /**
   * What h2load is told to ask.
   *
   * @param path the request's target
   * @param body sent as JSON with POST; with none it is GET
   */
  record Hot(String path, Optional<String> body) {}

  /** What exactly is asked and configured, in a sentence or two. */
  String asked();

  /** The check of one of many identifiers. */
  Question question();

  /** The check of {@link #HOT_IDENTIFIER}. */
  Hot hot();
}
