/**
 * HTTP/1.1 as bytes, for tests that damage it.
 *
 * <p>Owns: valid requests, what can be done to them, a strict reading of RFC 9112 that shares no
 * code with the server, and what the server may answer to whatever comes. Does not own: the server
 * that is asked, in this process or in another.
 */
@NullMarked
package io.tollgate.server.wire;

import org.jspecify.annotations.NullMarked;
