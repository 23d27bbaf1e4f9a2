/**
 * The running server: settings become a store, a limiter and open doors, and end in order.
 *
 * <p>Owns: the order of start and stop, the listening line, what an operator is told at the start,
 * the timer that keeps the store small. Does not own: how anything is read, counted or answered.
 */
@NullMarked
package io.tollgate.server.app;

import org.jspecify.annotations.NullMarked;
