package io.tollgate.server.resp;

import io.tollgate.server.metrics.Metrics;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What every connection must know.
 *
 * @param needsToken whether clients must show a token before anything else
 * @param ids numbers the connections
 */
record Behind(
    Throttle throttle, Commands commands, Metrics metrics, boolean needsToken, AtomicLong ids) {

  Session newSession() {
    return new Session(ids.incrementAndGet(), needsToken);
  }
}
