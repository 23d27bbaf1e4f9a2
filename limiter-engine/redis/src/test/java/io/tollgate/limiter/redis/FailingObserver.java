package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Batcher.Fault;

/** Fails where all should go well. */
final class FailingObserver implements Observer {

  @Override
  public void answered(int steps, long nanos) {}

  @Override
  public void failed(Fault fault) {
    throw new AssertionError(fault);
  }

  @Override
  public void refused(String words) {
    throw new AssertionError(words);
  }

  @Override
  public void degraded() {
    throw new AssertionError("a policy has decided");
  }

  @Override
  public void cached() {
    throw new AssertionError("answered without Redis");
  }

  @Override
  public void ahead(Units what, long units) {}

  @Override
  public void reanchored() {}

  @Override
  public void up(boolean can, String why) {
    if (!can) {
      throw new AssertionError(why);
    }
  }
}
