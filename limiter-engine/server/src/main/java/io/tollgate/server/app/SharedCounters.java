package io.tollgate.server.app;

import io.netty.channel.EventLoop;
import io.tollgate.limiter.redis.Batcher;
import io.tollgate.limiter.redis.Fleet;
import io.tollgate.limiter.redis.RedisAddress;
import io.tollgate.limiter.redis.RedisStore;
import io.tollgate.limiter.store.MemoryStore;
import io.tollgate.limiter.store.MicroClock;
import io.tollgate.server.http.Readiness;
import io.tollgate.server.metrics.RedisMetrics;
import io.tollgate.server.settings.HashKey;
import io.tollgate.server.settings.RedisSettings;
import io.tollgate.server.settings.SettingsException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Counters that instances share through a Redis, as one server has them. */
final class SharedCounters implements AutoCloseable {

  /** A Redis that is there answers within it, also over a slow network. */
  private static final Duration FIRST_ATTEMPT = Duration.ofSeconds(5);

  /** Checks that wait for Redis on one event loop: a second's worth at a busy server's rate. */
  private static final int MOST_WAITING = 32_768;

  /** Of each event loop; some 200 bytes each. */
  private static final int MOST_DENIALS = 4_096;

  private final RedisStore store;
  private final RedisMetrics metrics;

  private SharedCounters(RedisStore store, RedisMetrics metrics) {
    this.store = store;
    this.metrics = metrics;
  }

  /**
   * Opens the store. A Redis that cannot be reached is told and waited for; checks are decided
   * without it until it comes.
   *
   * @param hashKey what the operator has set; empty: instances agree on one
   * @param local where shares are counted while Redis is away
   * @throws SettingsException when Redis refuses what was set, or it cannot be used
   */
  static SharedCounters open(
      RedisSettings settings,
      Optional<HashKey> hashKey,
      MemoryStore local,
      MicroClock clock,
      List<EventLoop> loops) {
    settings.tlsCa().ifPresent(WrongSetting::requireAuthorities);
    RedisAddress address = settings.address();
    HashKey key = hashKey.orElseGet(HashKey::random);
    RedisNotes notes = new RedisNotes(address.toString(), loops.size());
    RedisStore[] opened = new RedisStore[1];
    RedisMetrics metrics = new RedisMetrics(() -> opened[0].state());
    RedisStore store =
        RedisStore.open(
            new RedisStore.Parts(
                address,
                new Batcher.Config(
                    settings.batch(),
                    settings.calls(),
                    MOST_WAITING,
                    TimeUnit.MICROSECONDS.toNanos(settings.limitMicros())),
                MOST_DENIALS,
                new Fleet.Member(
                    settings.keyPrefix(), randomId(), key.high(), key.low(), hashKey.isPresent()),
                local,
                clock,
                () -> metrics.ofALoop(notes::up, notes::refused),
                notes::warn),
            loops);
    opened[0] = store;
    SharedCounters counters = new SharedCounters(store, metrics);
    RedisStore.State first = store.awaitFirstAttempt(FIRST_ATTEMPT);
    if (first.refusal().isPresent()) {
      counters.close();
      throw WrongSetting.of(first.refusal().get(), address.toString(), first.why());
    }
    if (first.degraded()) {
      notes.missing(first.why());
    }
    return counters;
  }

  private static String randomId() {
    byte[] id = new byte[8];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  RedisStore store() {
    return store;
  }

  RedisMetrics metrics() {
    return metrics;
  }

  /**
   * Whether checks are answered while Redis fares as it does.
   *
   * @param closed whether every limit in force denies without Redis, so that nothing would pass
   */
  Readiness readiness(boolean closed) {
    RedisStore.State state = store.state();
    Readiness.Status status = Readiness.Status.OK;
    if (state.degraded()) {
      status = closed && state.up() == 0 ? Readiness.Status.NOT_READY : Readiness.Status.DEGRADED;
    }
    return new Readiness(
        status,
        Optional.of(
            new Readiness.Shared(state.links(), state.up(), state.instances(), state.why())));
  }

  @Override
  public void close() {
    store.close();
  }
}
