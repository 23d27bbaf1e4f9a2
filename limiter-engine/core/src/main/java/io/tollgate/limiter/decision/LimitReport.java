package io.tollgate.limiter.decision;

import java.util.OptionalLong;

/**
 * One limit's part in a decision.
 *
 * @param name the limit's name
 * @param algorithm how it counts, such as {@code token_bucket}
 * @param limit units per period, as configured
 * @param burst units that may pass at once; the limit where nothing else was configured
 * @param capacity the largest cost that can ever pass; with a burst it may exceed the limit
 * @param periodMicros the period; 0 where it has no fixed length
 * @param remaining the largest cost that would pass now
 * @param resetAtMicros when nothing used counts any more
 * @param retryAfterMicros the least wait after which this cost would pass; 0 when it passed, empty
 *     when it never can
 * @param nextUnitAfterMicros the wait until one more unit remains; 0 when the limit is full
 * @param delayMicros how long a queue holds back what it admitted; 0 for all others
 * @param queues whether this limit admits what overflows, with a delay
 * @param admitted this limit's own verdict
 * @param shadow whether the limit only watches
 * @param errorBound by how many units the limit may be passed, or reached too early, because they
 *     are taken ahead; 0 where it is exact
 */
public record LimitReport(
    String name,
    String algorithm,
    long limit,
    long burst,
    long capacity,
    long periodMicros,
    long remaining,
    long resetAtMicros,
    OptionalLong retryAfterMicros,
    long nextUnitAfterMicros,
    long delayMicros,
    boolean queues,
    boolean admitted,
    boolean shadow,
    long errorBound) {}
