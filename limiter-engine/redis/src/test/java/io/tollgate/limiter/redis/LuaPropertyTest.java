package io.tollgate.limiter.redis;

import net.jqwik.api.lifecycle.AfterContainer;

/** Over the installed Redis. */
class LuaPropertyTest extends LuaProperties {

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
