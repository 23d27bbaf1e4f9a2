/**
 * The limiter's counters in Redis: the arithmetic of the core as Lua, and the way there and back.
 *
 * <p>{@link io.tollgate.limiter.redis.Script} is the text, {@link
 * io.tollgate.limiter.redis.StepCodec} what is sent to it and what it answers.
 */
@NullMarked
package io.tollgate.limiter.redis;

import org.jspecify.annotations.NullMarked;
