/**
 * The standalone server: doors by which checks arrive, the limits file, the command line.
 *
 * <p>Does not own: the decision itself, which is {@code io.tollgate.limiter}.
 */
@NullMarked
package io.tollgate.server;

import org.jspecify.annotations.NullMarked;
