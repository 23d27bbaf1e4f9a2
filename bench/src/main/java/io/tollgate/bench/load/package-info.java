/**
 * The load harness of the HTTP door, and of limits over Redis: starts our server and its peers,
 * loads them, compares them.
 *
 * <p>Owns the rounds, the generator of a fixed rate, what is read of processes, and the report.
 * Does not own closed loops at full speed: wrk and h2load make them, since ours would measure
 * itself.
 */
@NullMarked
package io.tollgate.bench.load;

import org.jspecify.annotations.NullMarked;
