/** Tests of the RESP door: over real sockets, by hand and by a client that others wrote. */
@NullMarked
package io.tollgate.server.resp;

import org.jspecify.annotations.NullMarked;
