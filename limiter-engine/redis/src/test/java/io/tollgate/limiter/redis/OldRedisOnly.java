package io.tollgate.limiter.redis;

import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Skips what needs the old Redis where there is none. */
final class OldRedisOnly implements SkipExecutionHook {

  @Override
  public SkipResult shouldBeSkipped(LifecycleContext context) {
    return RedisVersion.OLD.missing().map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
  }
}
