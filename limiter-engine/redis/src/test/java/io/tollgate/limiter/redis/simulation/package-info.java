/**
 * Engines, a modelled Redis or Cluster, and the network between them in one thread, under one seed.
 *
 * <p>Owns time, chance, faults, and what is held against the answers. The engines are the real
 * ones: routing, batching, breaker, policy, denials, allotments. Does not own how scripts count:
 * the model asks the core's kernels, with which the scripts agree over random steps ({@code
 * LuaPropertyTest}).
 */
@NullMarked
package io.tollgate.limiter.redis.simulation;

import org.jspecify.annotations.NullMarked;
