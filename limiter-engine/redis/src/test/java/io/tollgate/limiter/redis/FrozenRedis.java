package io.tollgate.limiter.redis;

/** A Redis whose clock stands still until a test moves it. */
final class FrozenRedis implements AutoCloseable {

  private final FrozenClock clock;
  final RedisServer server;

  FrozenRedis(RedisVersion version, long micros, String... options) {
    clock = new FrozenClock(micros);
    server = RedisServer.start(version, clock.environment(), options);
  }

  /** Sets the clock. */
  void moveTo(long micros) {
    clock.moveTo(micros);
  }

  @Override
  public void close() {
    server.close();
    clock.close();
  }
}
