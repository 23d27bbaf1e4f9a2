/**
 * The RESP door, which answers Redis clients on the server's event loops.
 *
 * <p>Owns: reading commands within bounds, the order of answers, logins, the few commands that a
 * client sends when it connects. Does not own: what a check decides, nor how it is counted.
 */
@NullMarked
package io.tollgate.server.resp;

import org.jspecify.annotations.NullMarked;
