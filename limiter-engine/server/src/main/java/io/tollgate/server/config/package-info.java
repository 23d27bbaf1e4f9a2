/**
 * The limits file: namespaces and limits as people write them, read into what the core compiles.
 *
 * <p>Owns: the form of the file ({@link io.tollgate.server.config.LimitsFile}), one namespace of it
 * as JSON ({@link io.tollgate.server.config.NamespaceJson}), their bounds, the texts that say what
 * is wrong, where, and what to write instead, and what becomes of other limiters' configurations
 * ({@link io.tollgate.server.config.Imports}). Does not own: what a limit's numbers may be (the
 * core says so), settings of the server, any protocol.
 *
 * <p>Words: a <i>node</i> is a piece of the file with its place; a <i>value</i> is a node that is
 * being read; a <i>problem</i> is one refusal. A reader reports every problem that it meets and
 * goes on; nothing is built from an object that has one.
 */
@NullMarked
package io.tollgate.server.config;

import org.jspecify.annotations.NullMarked;
