package io.tollgate.server.http;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A store that answers checks when it is told to, in any order, as a remote one does. */
public final class LateStore implements Store {

  private final Store decides;
  private final List<Runnable> waiting = new ArrayList<>();
  private final CountDownLatch asked;

  /**
   * A store that decides as another one.
   *
   * @param checks after which {@link #awaitAsked} returns
   */
  public LateStore(Store decides, int checks) {
    this.decides = decides;
    this.asked = new CountDownLatch(checks);
  }

  @Override
  public void check(CheckBuffer buffer, Listener listener) {
    decides.check(
        buffer,
        b -> {
          synchronized (waiting) {
            waiting.add(() -> listener.decided(b));
          }
        });
    asked.countDown();
  }

  /** Waits until so many checks have come. */
  public void awaitAsked() throws InterruptedException {
    if (!asked.await(20, TimeUnit.SECONDS)) {
      throw new AssertionError(asked.getCount() + " checks never came");
    }
  }

  /** Answers the check that came as this one, counted from 0. */
  public void answer(int index) {
    Runnable answer;
    synchronized (waiting) {
      answer = waiting.get(index);
    }
    answer.run();
  }

  /** How many checks have come. */
  public int asked() {
    synchronized (waiting) {
      return waiting.size();
    }
  }

  @Override
  public void reserve(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    decides.reserve(buffer, id, ttlMicros, listener);
  }

  @Override
  public void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    decides.commit(id, actual, listener);
  }

  @Override
  public void acquire(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    decides.acquire(buffer, id, ttlMicros, listener);
  }

  @Override
  public void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    decides.renew(id, ttlMicros, listener);
  }

  @Override
  public void release(HoldId id, Consumer<Release> listener) {
    decides.release(id, listener);
  }

  @Override
  public void refund(CheckBuffer buffer, Listener listener) {
    decides.refund(buffer, listener);
  }

  @Override
  public void reset(CheckBuffer buffer, boolean leasesToo, Listener listener) {
    decides.reset(buffer, leasesToo, listener);
  }
}
