/**
 * The limits in force: which of them apply to a check, and with which numbers.
 *
 * <p>Owns: namespaces as configured ({@link io.tollgate.limiter.catalog.NamespaceSpec}) and
 * compiled ({@link io.tollgate.limiter.catalog.Catalog}), overrides, limits of endpoints and of
 * Envoy's descriptors, conditions. Does not own: where configuration comes from, counters,
 * decisions. A catalog is immutable; a change of configuration is another catalog.
 */
@NullMarked
package io.tollgate.limiter.catalog;

import org.jspecify.annotations.NullMarked;
