/**
 * Files that others write while the server runs: when they have changed for good.
 *
 * <p>Owns: what counts as a change of a file, how long it must rest, the thread that looks. Does
 * not own: what the files mean, reading them, what happens then.
 *
 * <p>Words: a <i>look</i> compares a file's attributes with those of the look before; a change has
 * <i>settled</i> when two looks in a row saw the same. It looks instead of being told, because what
 * mounts and network folders tell differs, and a look costs microseconds.
 */
@NullMarked
package io.tollgate.server.files;

import org.jspecify.annotations.NullMarked;
