/**
 * JMH benchmarks of the decision core beside its peers.
 *
 * <p>Compiled by every build, run by {@code make bench}.
 */
@NullMarked
package io.tollgate.bench;

import org.jspecify.annotations.NullMarked;
