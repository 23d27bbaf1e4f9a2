package io.tollgate.server.http;

import static java.util.Objects.requireNonNull;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that can be emptied by putting another in its place, so that one door serves many. */
final class FreshStore implements Store {

  private volatile @Nullable Store current;

  void begin(Store fresh) {
    current = fresh;
  }

  private Store current() {
    return requireNonNull(current, "begin was not called");
  }

  @Override
  public void check(CheckBuffer buffer, Listener listener) {
    current().check(buffer, listener);
  }

  @Override
  public void reserve(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    current().reserve(buffer, id, ttlMicros, listener);
  }

  @Override
  public void commit(HoldId id, long actual, Consumer<Settlement> listener) {
    current().commit(id, actual, listener);
  }

  @Override
  public void acquire(CheckBuffer buffer, HoldId id, long ttlMicros, Listener listener) {
    current().acquire(buffer, id, ttlMicros, listener);
  }

  @Override
  public void renew(HoldId id, long ttlMicros, Consumer<Renewal> listener) {
    current().renew(id, ttlMicros, listener);
  }

  @Override
  public void release(HoldId id, Consumer<Release> listener) {
    current().release(id, listener);
  }

  @Override
  public void refund(CheckBuffer buffer, Listener listener) {
    current().refund(buffer, listener);
  }

  @Override
  public void reset(CheckBuffer buffer, boolean leasesToo, Listener listener) {
    current().reset(buffer, leasesToo, listener);
  }
}
