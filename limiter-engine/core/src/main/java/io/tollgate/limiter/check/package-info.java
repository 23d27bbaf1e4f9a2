/**
 * The entrance: every verb of the limiter.
 *
 * <p>Owns: requests with their bounds, and {@link io.tollgate.limiter.check.Limiter}, which joins a
 * catalog and a store; what Envoy's descriptors ask ({@link
 * io.tollgate.limiter.check.DescriptorPlan}); limits that come with calls ({@link
 * io.tollgate.limiter.check.BroughtLimits}). Does not own: any protocol; identities.
 */
@NullMarked
package io.tollgate.limiter.check;

import org.jspecify.annotations.NullMarked;
