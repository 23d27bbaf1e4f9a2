/**
 * The decision whether a call may pass.
 *
 * <p>Owns: nothing itself; its packages do. {@code decision ← algorithm ← limit ← store ← catalog ←
 * check}: each may know only those to its left. Does not own: protocols, files, threads, networks.
 */
@NullMarked
package io.tollgate.limiter;

import org.jspecify.annotations.NullMarked;
