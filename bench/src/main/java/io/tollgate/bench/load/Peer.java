package io.tollgate.bench.load;

import java.io.IOException;

/** A server that is compared: how it is started, and what it is asked. */
sealed interface Peer extends Program
    permits HttpPeer,
        SharedPeer,
        TollgateRespPeer,
        ThrottlecrabRespPeer,
        ScriptPeer,
        GatekeeperPeer,
        GatePeer {

  /** Units that pass at once; far more than any identifier is asked for in a run. */
  int BURST = 100_000;

  /** For the one identifier that all connections ask for: never near. */
  int HOT_PER_SECOND = 1_000_000;

  /** The one identifier that all connections ask for. */
  String HOT_IDENTIFIER = "user_hot";

  /** What exactly is asked and configured, in a sentence or two. */
  String asked();

  /** The check of one of many identifiers. */
  Question question();

  /**
   * Makes a server that listens ready for its first check; repeated, it does nothing more.
   *
   * @throws IOException when the server does not accept it
   */
  default void prepare(int port) throws IOException {}
}
