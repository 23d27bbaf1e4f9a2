/**
 * Limits and the keys under which they are counted.
 *
 * <p>Owns: a named limit ({@link io.tollgate.limiter.limit.Limit}), realms, and the keyed hash that
 * turns realm, owner and what is counted into a {@link io.tollgate.limiter.limit.LimitKey}. Does
 * not own: which limits apply to a check, storage, decisions.
 *
 * <p>Words: a <i>realm</i> isolates counters; the <i>owner</i> is whose state changes in one step;
 * what is <i>counted</i> is an identifier in a namespace, or the namespace as a whole.
 */
@NullMarked
package io.tollgate.limiter.limit;

import org.jspecify.annotations.NullMarked;
