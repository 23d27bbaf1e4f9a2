/**
 * Limits of concurrency that find their own number: how long held work takes says how much of it a
 * callee bears at once.
 *
 * <p>Owns the estimates and what leases under way have begun with. Does not own the counting, which
 * is the store's, nor the bounds of an estimate, which are the limit's.
 */
@NullMarked
package io.tollgate.limiter.concurrency;

import org.jspecify.annotations.NullMarked;
