/**
 * What the server says on stderr: one line for each event, as JSON or as text.
 *
 * <p>Owns: the form of a line and its bounds, the queue between whoever logs and stderr, the level.
 * Does not own: what is worth saying, or stdout. Callers use the JDK's {@code System.Logger}, as
 * the libraries do; {@link io.tollgate.server.log.LogFields} carries a request id beside the
 * message.
 */
@NullMarked
package io.tollgate.server.log;

import org.jspecify.annotations.NullMarked;
