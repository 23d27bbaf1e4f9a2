/**
 * Helpers for the texts that people read when something they wrote is refused.
 *
 * <p>Owns: suggestions of the nearest known name, showing a foreign text safely. Does not own: what
 * is known, or where it is read from.
 */
@NullMarked
package io.tollgate.server.text;

import org.jspecify.annotations.NullMarked;
