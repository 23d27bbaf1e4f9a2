/**
 * The programs of {@code recipes/} beside the real server.
 *
 * <p>Owns their processes and who calls them. Does not own what Tollgate decides: that is tested
 * beside the doors.
 */
@NullMarked
package io.tollgate.server.recipes;

import org.jspecify.annotations.NullMarked;
