/**
 * Tests of the HTTP door: over real sockets where they can be, by an embedded channel elsewhere.
 */
@NullMarked
package io.tollgate.server.http;

import org.jspecify.annotations.NullMarked;
