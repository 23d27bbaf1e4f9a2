/**
 * How limits count: the arithmetic of every algorithm, as pure steps over caller-owned state.
 *
 * <p>Owns: the numbers of an algorithm ({@link io.tollgate.limiter.algorithm.Algorithm}), their
 * compilation into the finest exact unit, and the step functions ({@link
 * io.tollgate.limiter.algorithm.Kernel}). Does not own: keys, storage, locking, names of limits,
 * clocks.
 *
 * <p>Words: <i>tick</i> is one unit of a kernel's time (1 µs, 1 ms or 1 s); <i>debt</i> is what a
 * bucket still has to leak, scaled so that a unit of cost weighs an integer; <i>used</i> is what
 * counts against a limit now.
 *
 * <p>Times: every {@code now} is in ticks since the epoch; every wait is a number of ticks. All
 * numbers are integers below 2^53, so that a store that computes in IEEE doubles agrees exactly.
 */
@NullMarked
package io.tollgate.limiter.algorithm;

import org.jspecify.annotations.NullMarked;
