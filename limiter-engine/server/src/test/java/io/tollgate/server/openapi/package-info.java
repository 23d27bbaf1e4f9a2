/**
 * Reads the OpenAPI document for tests.
 *
 * <p>Owns: its operations, examples and schemas. Does not own: what a server answers.
 */
@NullMarked
package io.tollgate.server.openapi;

import org.jspecify.annotations.NullMarked;
