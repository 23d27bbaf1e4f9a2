package io.tollgate.limiter.redis;

import java.util.List;
import net.jqwik.api.lifecycle.AroundTryHook;
import net.jqwik.api.lifecycle.Lifespan;
import net.jqwik.api.lifecycle.Store;
import net.jqwik.api.lifecycle.TryExecutionResult;
import net.jqwik.api.lifecycle.TryExecutor;
import net.jqwik.api.lifecycle.TryLifecycleContext;

/** Ends a property after few tries, also one that asks for many of its own. */
final class FewTries implements AroundTryHook {

  private static final int TRIES = Integer.getInteger("tollgate.redis.tries.old", 4);

  @Override
  public TryExecutionResult aroundTry(
      TryLifecycleContext context, TryExecutor aTry, List<Object> parameters) {
    Store<Integer> tries = Store.getOrCreate("few tries", Lifespan.PROPERTY, () -> 0);
    tries.update(before -> before + 1);
    TryExecutionResult result = aTry.execute(parameters);
    boolean enough = result.isSatisfied() && tries.get() >= TRIES;
    return enough ? TryExecutionResult.satisfied(true) : result;
  }
}
