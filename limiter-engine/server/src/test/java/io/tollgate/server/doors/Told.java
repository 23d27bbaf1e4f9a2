package io.tollgate.server.doors;

import java.util.OptionalLong;

/**
 * What every door tells of a check: of the limit that decided.
 *
 * @param limit its name; empty when none applied
 * @param quota the configured number
 * @param resetAtMicros since the epoch
 * @param retryAfterSeconds rounded up, as in headers; empty when it passed or can never pass
 */
record Told(
    boolean allowed,
    String limit,
    long quota,
    long remaining,
    long resetAtMicros,
    OptionalLong retryAfterSeconds) {}
