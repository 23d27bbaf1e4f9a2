package io.tollgate.limiter.store;

/**
 * What a memory store holds and what has happened to it since it was made.
 *
 * @param keys counters of fixed size
 * @param cellBytes the arrays that hold them
 * @param sideBytes sliding logs, leases, reservations and remembered answers
 * @param reanchored states that were moved back after the clock had been stepped forward and back
 * @param evicted keys forgotten because there was no room
 * @param refused steps denied because there was no room
 */
public record StoreStats(
    long keys, long cellBytes, long sideBytes, long reanchored, long evicted, long refused) {}
