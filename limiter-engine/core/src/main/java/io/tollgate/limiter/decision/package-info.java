/**
 * Answers: what was decided, why, and when it would be different.
 *
 * <p>Owns: the decision as a value, for doors to write. Does not own: how it came about, its form
 * on any wire. Times are microseconds since the epoch; waits are microseconds.
 */
@NullMarked
package io.tollgate.limiter.decision;

import org.jspecify.annotations.NullMarked;
