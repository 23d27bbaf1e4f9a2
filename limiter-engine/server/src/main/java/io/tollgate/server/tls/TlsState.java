package io.tollgate.server.tls;

import java.time.Instant;
import java.util.Optional;

/**
 * What health and metrics show of TLS.
 *
 * @param valid whether the last read of the files was good
 * @param notAfter when the certificate in force expires, or has
 * @param loadedAt when what is in force was read
 * @param since when {@code valid} became what it is
 * @param problem what is wrong with the files, and the fix; never a secret
 * @param reloads how often changed files took effect since the start
 * @param failedReloads how often changed files could not be used since the start
 */
public record TlsState(
    boolean valid,
    Instant notAfter,
    Instant loadedAt,
    Instant since,
    Optional<String> problem,
    long reloads,
    long failedReloads) {

  static TlsState first(Instant now, Instant notAfter) {
    return new TlsState(true, notAfter, now, now, Optional.empty(), 0, 0);
  }

  TlsState reloaded(Instant now, Instant until) {
    Instant good = valid ? since : now;
    return new TlsState(true, until, now, good, Optional.empty(), reloads + 1, failedReloads);
  }

  TlsState recovered(Instant now) {
    Instant good = valid ? since : now;
    return new TlsState(true, notAfter, loadedAt, good, Optional.empty(), reloads, failedReloads);
  }

  TlsState refused(Instant now, String why) {
    Instant bad = valid ? now : since;
    return new TlsState(
        false, notAfter, loadedAt, bad, Optional.of(why), reloads, failedReloads + 1);
  }
}
