package io.tollgate.bench.load;

import java.util.Optional;

/** A server that is compared over HTTP, by h2load too. */
sealed interface HttpPeer extends Peer permits TollgatePeer, NginxPeer, ThrottlecrabPeer {

  /**
   * What h2load is told to ask.
   *
   * @param path the request's target
   * @param body sent as JSON with POST; with none it is GET
   */
  record Hot(String path, Optional<String> body) {}

  /** The check of {@link #HOT_IDENTIFIER}. */
  Hot hot();
}
