package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.limit.LimitKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One part of the memory store: its tables, and the lock that guards them. */
final class Stripe {

  private static final long SEARCH_MICROS = 1_000_000;

  private static final Kernel.Storage[] STORAGES = Kernel.Storage.values();

  final ReentrantLock lock = new ReentrantLock();
  final CellTable twoWords;
  final CellTable threeWords;
  final Map<LimitKey, ListState> lists = new HashMap<>();
  final Map<HoldId, Hold> holds = new HashMap<>();
  final Map<LimitKey, RememberedAnswer> answers = new HashMap<>();

  /** Keys that the step under way is about to insert. */
  int pending;

  long reanchored;
  long evicted;
  long refused;

  /** Which holds are settled, in the order in which they were. */
  private final Deque<Settled> settled = new ArrayDeque<>();

  private record Settled(HoldId id, long forgetAtMicros) {}

  /** When everything was looked at for want of room. */
  private long searchedAt = Long.MIN_VALUE;

  /** The size of the side tables at which expired entries are looked for. */
  private int purgeAt = 32;

  private final CounterState scratch = new CounterState();
  private final Victim victim = new Victim();

  Stripe(int index) {
    int firstCapacity = 8 + index % 8;
    twoWords = new CellTable(4, firstCapacity);
    threeWords = new CellTable(5, firstCapacity);
  }

  /** The table of a kernel's cells; null for lists. */
  @Nullable CellTable table(Kernel.Storage storage) {
    return switch (storage) {
      case TWO_WORDS -> twoWords;
      case THREE_WORDS -> threeWords;
      case LIST -> null;
    };
  }

  int cells() {
    return twoWords.size() + threeWords.size();
  }

  /** Loads a list's state and says which kernel wrote it; null when there is none. */
  @Nullable Kernel readList(LimitKey key, CounterState state) {
    ListState found = lists.get(key);
    if (found == null) {
      return null;
    }
    state.log = found.log();
    state.leases = found.leases();
    return found.kernel();
  }

  /** Keeps a list's state; returns by how much the side tables have grown. */
  long putList(LimitKey key, Kernel kernel, CounterState state) {
    ListState list = ListState.of(kernel, state);
    ListState before = lists.put(key, list);
    return list.bytes() - (before == null ? 0 : before.bytes());
  }

  /**
   * Loads a state that another kind of algorithm wrote under this key; null when there is none. A
   * state from the future is moved to now where it is stored: it is not written back otherwise
   * until something passes.
   */
  @Nullable Kernel readOther(
      Kernel.Storage own, long high, long low, CounterState state, long nowMicros, long maxAhead) {
    for (Kernel.Storage storage : STORAGES) {
      if (storage == own) {
        continue;
      }
      CellTable table = table(storage);
      if (table == null) {
        Kernel found = lists.isEmpty() ? null : readList(new LimitKey(high, low), state);
        if (found != null) {
          return found;
        }
      } else {
        int offset = table.find(high, low);
        if (offset >= 0) {
          Kernel found = table.read(offset, state);
          found.advance(state, found.tick().ofMicros(nowMicros), found.aheadTicks(maxAhead));
          if (state.reanchored) {
            table.write(offset, state, found);
          }
          return found;
        }
      }
    }
    return null;
  }

  /** Removes what is stored under a key, but for one kind; returns the side bytes set free. */
  long removeExcept(Kernel.@Nullable Storage kept, long high, long low) {
    long freed = 0;
    for (Kernel.Storage storage : STORAGES) {
      if (storage == kept) {
        continue;
      }
      CellTable table = table(storage);
      if (table == null) {
        ListState list = lists.remove(new LimitKey(high, low));
        freed += list == null ? 0 : list.bytes();
      } else {
        int offset = table.find(high, low);
        if (offset >= 0) {
          table.remove(offset);
        }
      }
    }
    return freed;
  }

  /**
   * Makes room for the keys that are pending, sweeping and evicting as the bound demands.
   *
   * @return whether cells may have moved; offsets must be looked up again
   */
  boolean makeRoom(CellTable table, int maxCells, boolean evict, long nowMicros) {
    boolean moved = table.sweep(nowMicros, 2 * pending, scratch);
    if (cells() + pending > maxCells) {
      moved |= sweepWhenFull(twoWords, nowMicros);
      moved |= sweepWhenFull(threeWords, nowMicros);
      while (evict && cells() + pending > maxCells && evictOne(nowMicros)) {
        evicted++;
        moved = true;
      }
    }
    boolean grown = table.ensureRoom(pending);
    return grown || moved;
  }

  private boolean sweepWhenFull(CellTable table, long nowMicros) {
    return table.sweep(nowMicros, table.size() < 64 ? 64 : 8, scratch);
  }

  /** Of both tables: else keys of one kind would leave no room for those of the other. */
  private boolean evictOne(long nowMicros) {
    victim.clear();
    twoWords.offer(victim, nowMicros, scratch);
    threeWords.offer(victim, nowMicros, scratch);
    return victim.remove();
  }

  /** Sweeps a quarter of each table. */
  void sweep(long nowMicros) {
    twoWords.sweep(nowMicros, 1 + twoWords.capacity() / 4, scratch);
    threeWords.sweep(nowMicros, 1 + threeWords.capacity() / 4, scratch);
  }

  /** Keeps a hold that is settled now, for a while. */
  void settled(HoldId id, Hold hold) {
    holds.put(id, hold);
    settled.add(new Settled(id, hold.forgetAtMicros()));
  }

  /**
   * Forgets settled holds, the oldest first: those whose time is over, and so many more that the
   * bytes wanted are free, if there are any.
   *
   * @return bytes set free
   */
  long forgetSettled(long nowMicros, long wantedBytes) {
    long freed = 0;
    while (!settled.isEmpty()
        && (freed < wantedBytes || settled.peek().forgetAtMicros <= nowMicros)) {
      HoldId id = settled.remove().id;
      Hold hold = holds.get(id);
      // A lease may have been taken anew under its id, and a purge may have come before.
      if (hold != null && hold.settled()) {
        holds.remove(id);
        freed += hold.bytes();
      }
    }
    return freed;
  }

  /**
   * Drops what has expired from the side tables once they have doubled since the last look.
   *
   * @return bytes set free
   */
  long purge(long nowMicros) {
    return lists.size() + holds.size() + answers.size() < purgeAt ? 0 : purgeAll(nowMicros);
  }

  /**
   * Drops what has expired for want of room; once in a second, so that a full store answers soon.
   *
   * @return bytes set free
   */
  long search(long nowMicros) {
    if (nowMicros >= searchedAt && nowMicros - SEARCH_MICROS < searchedAt) {
      return 0;
    }
    searchedAt = nowMicros;
    return purgeAll(nowMicros);
  }

  /**
   * Drops what has expired from the side tables.
   *
   * @return bytes set free
   */
  long purgeAll(long nowMicros) {
    long before = sideBytes();
    lists.values().removeIf(list -> list.idleAtMicros() <= nowMicros);
    holds.values().removeIf(hold -> hold.forgetAtMicros() <= nowMicros);
    answers.values().removeIf(answer -> answer.expiresAtMicros() <= nowMicros);
    purgeAt = Math.max(32, 2 * (lists.size() + holds.size() + answers.size()));
    return before - sideBytes();
  }

  long sideBytes() {
    long bytes = 0;
    for (ListState list : lists.values()) {
      bytes += list.bytes();
    }
    for (Hold hold : holds.values()) {
      bytes += hold.bytes();
    }
    for (RememberedAnswer answer : answers.values()) {
      bytes += answer.bytes();
    }
    return bytes;
  }
}
