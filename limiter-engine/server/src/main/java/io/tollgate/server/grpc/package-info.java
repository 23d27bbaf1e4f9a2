/**
 * The gRPC door: checks and everything beside them, over HTTP/2 on the server's event loops.
 *
 * <p>Owns: messages of {@code tollgate.limiter.v1}, statuses, streams and their bounds, health and
 * reflection. Does not own: what a check decides.
 */
@NullMarked
package io.tollgate.server.grpc;

import org.jspecify.annotations.NullMarked;
