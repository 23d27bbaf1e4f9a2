/**
 * The examination of an installation: what is configured, reachable, old, unsafe.
 *
 * <p>Owns: what is looked at, what counts as a warning and what as wrong, the texts. Does not own:
 * the settings and files themselves, which it reads as a server would. Looks only: it changes
 * nothing on disk, sends no secret and prints none. Everything that it waits for has a bound.
 */
@NullMarked
package io.tollgate.server.doctor;

import org.jspecify.annotations.NullMarked;
