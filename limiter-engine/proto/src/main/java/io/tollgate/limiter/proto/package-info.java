/**
 * The methods of our gRPC service, as servers and clients of Java name them.
 *
 * <p>Owns: names and marshallers. Does not own: what a method does. The messages are generated from
 * {@code src/main/protobuf}.
 */
@NullMarked
package io.tollgate.limiter.proto;

import org.jspecify.annotations.NullMarked;
