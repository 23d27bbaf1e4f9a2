/** Tests of the gRPC door, over real sockets. */
@NullMarked
package io.tollgate.server.grpc;

import org.jspecify.annotations.NullMarked;
