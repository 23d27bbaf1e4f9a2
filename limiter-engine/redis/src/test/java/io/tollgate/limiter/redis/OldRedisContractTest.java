package io.tollgate.limiter.redis;

import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.PropagationMode;

/** The contract over the oldest Redis that is promised; few tries, since the text is the same. */
@AddLifecycleHook(value = FewTries.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
@AddLifecycleHook(value = OldRedisOnly.class, propagateTo = PropagationMode.ALL_DESCENDANTS)
class OldRedisContractTest extends RedisContract {

  /** Made when the first test asks for it: where there is none, none does. */
  private static final class Redis {
    static final Over OVER = new Over(RedisVersion.OLD);
  }

  @AfterContainer
  static void stop() {
    if (RedisVersion.OLD.missing().isEmpty()) {
      Redis.OVER.close();
    }
  }

  @Override
  Over over() {
    return Redis.OVER;
  }
}
