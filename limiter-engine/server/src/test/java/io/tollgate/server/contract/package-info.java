/**
 * Tests of what is promised to those who call: nothing of it is removed or renamed.
 *
 * <p>Owns: the contracts as lists of lines, which stand in {@code src/test/resources/contract}.
 * Does not own: whether a server keeps them, which the tests of each door ask.
 */
@NullMarked
package io.tollgate.server.contract;

import org.jspecify.annotations.NullMarked;
