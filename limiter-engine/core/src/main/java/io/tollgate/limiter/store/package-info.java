/**
 * Where counters live, and the one step that decides and charges.
 *
 * <p>Owns: the port {@link io.tollgate.limiter.store.Store}, the caller-owned {@link
 * io.tollgate.limiter.store.CheckBuffer}, the memory store, the clock seam. Does not own: which
 * limits apply, the arithmetic, the names of namespaces.
 *
 * <p>Times: a store's clock is in microseconds since the epoch; a realm's offset is added to it for
 * each step. Only the store decides what time it is.
 */
@NullMarked
package io.tollgate.limiter.store;

import org.jspecify.annotations.NullMarked;
