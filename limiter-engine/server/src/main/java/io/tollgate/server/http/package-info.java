/**
 * The HTTP door: checks over HTTP/1.1 and HTTP/2, answered on the connection's own event loop.
 *
 * <p>Owns: what is read from and written to a connection, in which order, and for how long. Does
 * not own: the decision, which is {@code io.tollgate.limiter}; HTTP's grammar, which is Netty's.
 *
 * <p>Words: an <i>exchange</i> is one request with its answer; a <i>problem</i> is an answer that
 * says what was wrong with the request; a <i>loop</i> is an event loop with the memory that its
 * connections share; a <i>stream</i> is HTTP/2's place for one exchange, and classes that only know
 * that protocol begin with H2. Times in answers are the realm's; timeouts run on the loop's
 * monotonic clock.
 */
@NullMarked
package io.tollgate.server.http;

import org.jspecify.annotations.NullMarked;
