/**
 * A gRPC client that only makes load: HTTP/2 frames on plain sockets, one thread, nothing allocated
 * for a call.
 *
 * <p>Owns frames, header blocks, flow control and the little of protobuf that the questions and
 * answers of a benchmark have. Does not own what is asked, of whom, or how servers are started; and
 * is no client for anything else: no TLS, no deadlines, no retries. What it does not understand
 * ends the run.
 */
@NullMarked
package io.tollgate.bench.grpc;

import org.jspecify.annotations.NullMarked;
