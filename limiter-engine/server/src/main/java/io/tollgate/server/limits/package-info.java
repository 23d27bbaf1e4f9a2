/**
 * The limits in force while the server runs: those of the file and those made through the API.
 *
 * <p>Owns: when a changed file takes effect, what happens when it is wrong, which of two namespaces
 * of one name counts, and how namespaces of the API survive a restart. Does not own: the form of
 * the file or of a namespace ({@code config}), any protocol, where messages go.
 *
 * <p>Words: a namespace is <i>of the file</i> or <i>of the API</i>; one of the API is
 * <i>shadowed</i> while the file has one of the same name. What is in force changes only as a
 * whole: a check sees all of a change or nothing.
 *
 * <p>Times: those of the state are the machine's wall time.
 */
@NullMarked
package io.tollgate.server.limits;

import org.jspecify.annotations.NullMarked;
