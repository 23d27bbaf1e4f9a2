package io.tollgate.limiter.redis;

import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.DenialCache;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The allotments of one lane, by counter.
 *
 * <p>Checks of a cost, that are no explanation, are not repeated under a key and are in a realm
 * whose clock stands, take part; everything else asks Redis. Confined to one thread.
 */
final class Allotments implements Ahead {

  /** Some 2 KiB each; whoever comes when all are in use asks Redis for each check. */
  private static final int MOST = 4_096;

  /** Of the longest unused; so many are looked at when one comes, so old ones go in time. */
  private static final int LOOKED_AT = 4;

  /** Much longer than anything is in hand. */
  private static final long MOST_IDLE_NANOS = 10_000_000_000L;

  private static final int[][] NONE = {};

  final Asking redis;
  final Alarm alarm;
  final Observer observer;
  private final IntSupplier holders;
  private final Optional<DenialCache.Epoch> denials;

  /** The longest unused first. */
  private final Map<LimitKey, Allotment> byKey = new LinkedHashMap<>(16, 0.75f, true);

  private int underWay;
  private boolean closed;
  private @Nullable Runnable drained;

  /**
   * No allotment yet.
   *
   * @param holders how many lanes there are over all instances, as far as this one knows
   * @param denials of which a denial is remembered; empty where each check is to ask
   */
  Allotments(
      Asking redis,
      Alarm alarm,
      Observer observer,
      IntSupplier holders,
      Optional<DenialCache.Epoch> denials) {
    this.redis = redis;
    this.alarm = alarm;
    this.observer = observer;
    this.holders = holders;
    this.denials = denials;
  }

  @Override
  public int[][] parts(CheckBuffer check) {
    int count = 0;
    for (int i = 0; i < check.size(); i++) {
      count += allots(check, i) ? 1 : 0;
    }
    if (count == 0 || !isAbout(check)) {
      return NONE;
    }
    int[][] parts = new int[count][];
    int next = 0;
    for (int i = 0; i < check.size(); i++) {
      if (allots(check, i)) {
        parts[next++] = new int[] {i};
      }
    }
    return parts;
  }

  /** Whether an entry is among {@link #parts}. */
  boolean takes(CheckBuffer check, int entry) {
    return isAbout(check) && allots(check, entry);
  }

  private static boolean allots(CheckBuffer check, int entry) {
    return check.limit(entry).allots() && check.cost(entry) > 0;
  }

  private boolean isAbout(CheckBuffer check) {
    return !closed
        && !check.explainsOnly()
        && check.answersOnce() == null
        && !check.realm().movable();
  }

  @Override
  public void take(CheckBuffer check, int[] part, long deadline, Taker taker) {
    int entry = part[0];
    allotment(check, entry).take(check, entry, deadline, taker);
  }

  /** A limit that was compiled anew may have other numbers, or another identifier's. */
  @SuppressWarnings("ReferenceEquality")
  private Allotment allotment(CheckBuffer check, int entry) {
    LimitKey key = check.key(entry);
    Allotment known = byKey.get(key);
    if (known != null && known.limit == check.limit(entry)) {
      return known;
    }
    Allotment made = new Allotment(this, check, entry);
    if (known != null) {
      known.retire();
    } else if (!hasRoom()) {
      made.retire();
      return made;
    }
    byKey.put(key, made);
    return made;
  }

  private boolean hasRoom() {
    long now = alarm.nanoTime();
    Iterator<Allotment> oldest = byKey.values().iterator();
    for (int i = 0; i < LOOKED_AT && oldest.hasNext(); i++) {
      Allotment one = oldest.next();
      boolean old = now - one.usedNanos() > MOST_IDLE_NANOS;
      if (one.isIdle() && (old || byKey.size() >= MOST)) {
        oldest.remove();
      }
    }
    return byKey.size() < MOST;
  }

  /** The counters of these entries are being reset. */
  void forget(CheckBuffer question) {
    for (int i = 0; !byKey.isEmpty() && i < question.size(); i++) {
      Allotment known = byKey.get(question.key(i));
      if (known != null) {
        known.forget();
      }
    }
  }

  /**
   * Gives back what is in hand; from now on every check asks Redis.
   *
   * @param done called once, when Redis has heard of all of it, or cannot be reached
   */
  void drain(Runnable done) {
    closed = true;
    drained = done;
    begun();
    List<Allotment> all = new ArrayList<>(byKey.values());
    byKey.clear();
    all.forEach(Allotment::retire);
    ended();
  }

  /** A step of an allotment is on its way. */
  void begun() {
    underWay++;
  }

  /** A step was answered, or failed. */
  void ended() {
    underWay--;
    Runnable done = drained;
    if (done != null && underWay == 0) {
      drained = null;
      done.run();
    }
  }

  int holders() {
    return holders.getAsInt();
  }

  boolean remembers() {
    return denials.isPresent();
  }

  /** Of what is known of denials; the same where nothing is. */
  long epoch() {
    return denials.map(DenialCache.Epoch::number).orElse(0L);
  }
}
