/**
 * The server's settings: what flags and environment say, checked and typed before anything starts.
 *
 * <p>Owns: every variable's name, default, bounds and texts; secrets from files. Does not own: the
 * limits file, the parts that settings are for. A flag beats a variable, a variable beats the
 * default. A variable whose part does not exist yet stops the start: nothing is silently ignored.
 */
@NullMarked
package io.tollgate.server.settings;

import org.jspecify.annotations.NullMarked;
