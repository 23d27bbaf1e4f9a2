/**
 * The load harness of all doors, and of limits over Redis: starts our server and its peers, loads
 * them, compares them.
 *
 * <p>Owns the rounds, the generator over HTTP and Redis's protocol, what is read of processes, and
 * the report. Does not own the generator over gRPC, which is a package of its own, nor the closed
 * loops over HTTP that are compared with nginx: wrk and h2load make them.
 */
@NullMarked
package io.tollgate.bench.load;

import org.jspecify.annotations.NullMarked;
