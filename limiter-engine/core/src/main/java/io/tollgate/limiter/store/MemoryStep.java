package io.tollgate.limiter.store;

import static java.util.Objects.requireNonNull;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.limit.LimitKey;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one atomic step over the memory store's stripes: lock, load, judge, make room,
 * charge, report.
 *
 * <p>Between {@link #start} and {@link #unlock} the calling thread holds the lock of every stripe
 * that it touches.
 */
final class MemoryStep {

  /** Further in the future than this, a state shows a clock that was stepped forward and back. */
  static final long MAX_AHEAD_MICROS = 1_000_000;

  private static final int LEAST_STRIPES = 64;

  /** In a small store stripes are fewer, so that its bound is not cut into crumbs. */
  private static final long LEAST_KEYS_PER_STRIPE = 128;

  private static final int MOST_STRIPES = 4_096;

  /**
   * Few enough stripes that their heads stay in the cache, many enough that growing one is quick.
   */
  private static final long KEYS_PER_STRIPE = 32_768;

  private final MicroClock clock;
  private final MemoryStoreConfig config;
  private final Stripe[] stripes;
  private final int maxCellsPerStripe;
  private final boolean evicts;
  private final AtomicLong sideBytes = new AtomicLong();

  MemoryStep(MicroClock clock, MemoryStoreConfig config) {
    this.clock = clock;
    this.config = config;
    long least = Math.min(LEAST_STRIPES, config.maxKeys() / LEAST_KEYS_PER_STRIPE);
    long wanted = Math.clamp(config.maxKeys() / KEYS_PER_STRIPE, least, MOST_STRIPES);
    int count = (int) Long.highestOneBit(wanted);
    this.stripes = new Stripe[count];
    Arrays.setAll(stripes, Stripe::new);
    this.evicts = config.whenFull() == MemoryStoreConfig.WhenFull.EVICT;
    this.maxCellsPerStripe = Math.toIntExact(Math.ceilDiv(config.maxKeys(), count));
  }

  /** Locks every stripe of the buffer, and one more unless it is −1, in index order. */
  void start(CheckBuffer b, int oneMore) {
    b.nowMicros = clock.nowMicros() + b.realm.offsetMicros();
    int count = b.size;
    for (int i = 0; i < count; i++) {
      b.order[i] = index(b.low[i]);
    }
    if (oneMore >= 0) {
      b.order[count++] = oneMore;
    }
    if (count > 1) {
      Arrays.sort(b.order, 0, count);
    }
    b.locked = count;
    for (int i = 0; i < count; i++) {
      if (i == 0 || b.order[i] != b.order[i - 1]) {
        stripes[b.order[i]].lock.lock();
      }
    }
  }

  void unlock(CheckBuffer b) {
    for (int i = b.locked - 1; i >= 0; i--) {
      if (i == 0 || b.order[i] != b.order[i - 1]) {
        stripes[b.order[i]].lock.unlock();
      }
    }
  }

  /** Loads, judges, charges if all enforced limits admit, and reports. */
  void decide(CheckBuffer b) {
    load(b);
    judge(b);
    if (b.allowed && !b.dry && hasRoom(b)) {
      charge(b);
    }
    report(b);
  }

  /** Loads every entry's state and brings it to now. */
  void load(CheckBuffer b) {
    for (int i = 0; i < b.size; i++) {
      load(b, i);
    }
  }

  private void load(CheckBuffer b, int i) {
    Stripe stripe = stripe(b.low[i]);
    Kernel kernel = b.limits[i].kernel();
    CounterState state = b.states[i];
    state.clear();
    long maxAhead = b.realm.movable() ? Long.MAX_VALUE : MAX_AHEAD_MICROS;
    CellTable table = stripe.table(kernel.storage());
    @Nullable Kernel from;
    int offset = -1;
    if (table == null) {
      from = stripe.readList(new LimitKey(b.high[i], b.low[i]), state);
    } else {
      offset = table.find(b.high[i], b.low[i]);
      from = offset < 0 ? null : table.read(offset, state);
    }
    b.offsets[i] = offset;
    if (from == null) {
      from = stripe.readOther(kernel.storage(), b.high[i], b.low[i], state, b.nowMicros, maxAhead);
    }
    b.adopted[i] = from != null && from.number() != kernel.number();
    if (from == null || !b.adopted[i]) {
      long now = kernel.tick().ofMicros(b.nowMicros);
      b.times[i] = kernel.advance(state, now, kernel.aheadTicks(maxAhead));
    } else {
      b.times[i] = kernel.adopt(from, state, b.nowMicros, maxAhead);
    }
    if (state.reanchored) {
      stripe.reanchored++;
      if (offset >= 0) {
        save(b, i);
      }
    }
  }

  void judge(CheckBuffer b) {
    boolean pass = true;
    for (int i = 0; i < b.size; i++) {
      boolean admits = b.limits[i].kernel().admits(b.states[i], b.times[i], b.cost[i]);
      b.admitted[i] = admits;
      pass &= admits || b.limits[i].shadow();
    }
    b.allowed = pass;
    b.overloaded = false;
  }

  static boolean written(CheckBuffer b, int i) {
    return b.admitted[i] && b.cost[i] > 0;
  }

  /** Makes room for every key that the step is about to add, before anything is charged. */
  boolean hasRoom(CheckBuffer b) {
    boolean room = true;
    boolean moved = false;
    try {
      for (int i = 0; i < b.size; i++) {
        if (written(b, i)) {
          Stripe stripe = stripe(b.low[i]);
          CellTable table = stripe.table(b.limits[i].kernel().storage());
          if (table == null) {
            room &= hasSideRoom(stripe, 0, storeNow(b));
          } else if (b.offsets[i] < 0) {
            stripe.pending++;
            moved |= stripe.makeRoom(table, maxCellsPerStripe, evicts, storeNow(b));
            room &= evicts || stripe.cells() + stripe.pending <= maxCellsPerStripe;
          }
        }
      }
    } finally {
      settleRoom(b, moved);
    }
    if (!room) {
      refuse(b, stripe(b.low[0]));
    }
    return room;
  }

  private void settleRoom(CheckBuffer b, boolean moved) {
    for (int i = 0; i < b.size; i++) {
      Stripe stripe = stripe(b.low[i]);
      stripe.pending = 0;
      CellTable table = stripe.table(b.limits[i].kernel().storage());
      if (moved && table != null) {
        b.offsets[i] = table.find(b.high[i], b.low[i]);
      }
    }
  }

  /** Whether the side tables may grow; forgets what nobody waits for before it says no. */
  boolean hasSideRoom(Stripe stripe, long bytes, long storeNow) {
    sideBytes.addAndGet(-stripe.forgetSettled(storeNow, 0) - stripe.purge(storeNow));
    if (missing(bytes) > 0) {
      sideBytes.addAndGet(-stripe.forgetSettled(storeNow, missing(bytes)));
    }
    if (missing(bytes) > 0) {
      sideBytes.addAndGet(-stripe.search(storeNow));
    }
    return missing(bytes) <= 0;
  }

  private long missing(long bytes) {
    return sideBytes.get() + bytes - config.maxSideBytes();
  }

  static void refuse(CheckBuffer b, Stripe stripe) {
    b.allowed = false;
    b.overloaded = true;
    stripe.refused++;
  }

  /** Existing cells first: an insertion may move the others. */
  void charge(CheckBuffer b) {
    for (int i = 0; i < b.size; i++) {
      if (written(b, i)) {
        b.limits[i].kernel().charge(b.states[i], b.times[i], b.cost[i]);
        if (b.offsets[i] >= 0) {
          save(b, i);
        }
      }
    }
    for (int i = 0; i < b.size; i++) {
      if (written(b, i) && b.offsets[i] < 0) {
        insert(b, i);
      }
    }
  }

  /** Writes a state back if anything is stored under its key, or was charged to it. */
  void put(CheckBuffer b, int i, boolean charged) {
    if (b.offsets[i] >= 0) {
      save(b, i);
    } else if (charged || b.adopted[i]) {
      insert(b, i);
    }
  }

  private void save(CheckBuffer b, int i) {
    Kernel kernel = b.limits[i].kernel();
    cells(b, i).write(b.offsets[i], b.states[i], kernel);
  }

  private CellTable cells(CheckBuffer b, int i) {
    return requireNonNull(stripe(b.low[i]).table(b.limits[i].kernel().storage()));
  }

  private void insert(CheckBuffer b, int i) {
    Stripe stripe = stripe(b.low[i]);
    Kernel kernel = b.limits[i].kernel();
    if (b.adopted[i]) {
      addSideBytes(-stripe.removeExcept(kernel.storage(), b.high[i], b.low[i]));
    }
    if (kernel.storage() == Kernel.Storage.LIST) {
      addSideBytes(stripe.putList(new LimitKey(b.high[i], b.low[i]), kernel, b.states[i]));
    } else {
      CellTable table = cells(b, i);
      b.offsets[i] = table.insert(b.high[i], b.low[i]);
      table.write(b.offsets[i], b.states[i], kernel);
    }
  }

  /** Writes every entry's remaining and waits; the delay only of what was charged. */
  void report(CheckBuffer b) {
    report(b, b.allowed && !b.dry);
  }

  /** As {@link #report(CheckBuffer)}, of a step that may have charged nothing. */
  void report(CheckBuffer b, boolean charged) {
    for (int i = 0; i < b.size; i++) {
      b.report(i, charged);
    }
  }

  long storeNow(CheckBuffer b) {
    return b.nowMicros - b.realm.offsetMicros();
  }

  Stripe[] stripes() {
    return stripes;
  }

  long nowMicros() {
    return clock.nowMicros();
  }

  int index(long low) {
    return (int) low & (stripes.length - 1);
  }

  Stripe stripe(long low) {
    return stripes[index(low)];
  }

  long sideBytes() {
    return sideBytes.get();
  }

  void addSideBytes(long bytes) {
    sideBytes.addAndGet(bytes);
  }
}
