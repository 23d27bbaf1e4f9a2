package io.tollgate.limiter.redis;

import net.jqwik.api.lifecycle.AfterContainer;

/** The contract over the installed Redis. */
class RedisContractTest extends RedisContract {

  private static final Over REDIS = new Over(RedisVersion.INSTALLED);

  @AfterContainer
  static void stop() {
    REDIS.close();
  }

  @Override
  Over over() {
    return REDIS;
  }
}
