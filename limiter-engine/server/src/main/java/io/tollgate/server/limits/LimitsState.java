package io.tollgate.server.limits;

import io.tollgate.server.config.ConfigException;
import java.time.Instant;
import java.util.Optional;

/**
 * What health and metrics show of the limits in force.
 *
 * @param valid whether the last read of the file was good; always without a file
 * @param loadedAt when the file, or the built-in example, that is in force was read
 * @param since when {@code valid} became what it is
 * @param problems how many problems the file has
 * @param firstProblem the first of them as the log shows it, which may quote the file
 * @param reloads how often a changed file took effect since the start
 * @param failedReloads how often a changed file could not be used since the start
 * @param fileNamespaces namespaces of the file in force; 0 without a file
 * @param apiNamespaces namespaces that were made through the API, shadowed ones included
 */
public record LimitsState(
    boolean valid,
    Instant loadedAt,
    Instant since,
    int problems,
    Optional<String> firstProblem,
    long reloads,
    long failedReloads,
    int fileNamespaces,
    int apiNamespaces) {

  static LimitsState first(Instant now, InForce inForce) {
    return new LimitsState(true, now, now, 0, Optional.empty(), 0, 0, 0, 0).counting(inForce);
  }

  /** The same with the numbers of namespaces that are in force now. */
  LimitsState counting(InForce inForce) {
    return new LimitsState(
        valid,
        loadedAt,
        since,
        problems,
        firstProblem,
        reloads,
        failedReloads,
        inForce.ofFile() ? inForce.base().size() : 0,
        inForce.made().size());
  }

  LimitsState reloaded(Instant now, InForce inForce) {
    LimitsState good = recovered(now);
    return new LimitsState(
            true, now, good.since, 0, Optional.empty(), reloads + 1, failedReloads, 0, 0)
        .counting(inForce);
  }

  LimitsState recovered(Instant now) {
    return new LimitsState(
        true,
        loadedAt,
        valid ? since : now,
        0,
        Optional.empty(),
        reloads,
        failedReloads,
        fileNamespaces,
        apiNamespaces);
  }

  LimitsState refused(Instant now, ConfigException why) {
    return new LimitsState(
        false,
        loadedAt,
        valid ? now : since,
        why.problems().size() + why.further(),
        Optional.of(why.problems().getFirst().text(why.fileName())),
        reloads,
        failedReloads + 1,
        fileNamespaces,
        apiNamespaces);
  }
}
