package io.tollgate.limiter.store;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One question to a store and its answer, in memory that the caller owns and reuses.
 *
 * <p>Fill it with {@link #begin} and {@link #add}, hand it to a {@link Store}, read it after the
 * callback. Not safe for use by several threads at once.
 */
public final class CheckBuffer {

  /** The most limits of one check: bounds what one call locks and writes. */
  public static final int MAX_LIMITS = 32;

  /** The most entries of one step: a batch of 1,000 checks of all limits. */
  public static final int MAX_ENTRIES = 1_000 * MAX_LIMITS;

  /** In {@link #retryAfterMicros}: this cost can never pass. */
  public static final long NEVER = Kernel.NEVER;

  /** Owner of an entry whose store does not ask for one. */
  private static final String NOBODY = "";

  private static final Realm NONE = Realm.live("none");

  Realm realm = NONE;
  boolean dry;
  @Nullable LimitKey answerKey;
  int holders;
  int size;
  Limit[] limits = new Limit[4];
  long[] high = new long[4];
  long[] low = new long[4];
  long[] cost = new long[4];
  String[] owners = {NOBODY, NOBODY, NOBODY, NOBODY};

  long nowMicros;
  boolean allowed;
  boolean overloaded;
  boolean unavailable;
  boolean degraded;
  boolean repeated;
  long expiresAt;
  boolean[] admitted = new boolean[4];
  long[] remaining = new long[4];
  long[] resetAt = new long[4];
  long[] retryAfter = new long[4];
  long[] nextUnitAfter = new long[4];
  long[] delay = new long[4];

  CounterState[] states = {
    new CounterState(), new CounterState(), new CounterState(), new CounterState()
  };
  long[] times = new long[4];
  int[] offsets = new int[4];
  boolean[] adopted = new boolean[4];
  int[] order = new int[8];
  int locked;

  /** An empty buffer for a few limits; it grows when more are added. */
  public CheckBuffer() {}

  /** Forgets the last question and begins one in a realm. */
  public void begin(Realm newRealm) {
    realm = newRealm;
    dry = false;
    answerKey = null;
    holders = 0;
    size = 0;
    unavailable = false;
    degraded = false;
  }

  /** Makes the store decide without charging. */
  public void explainOnly() {
    dry = true;
  }

  /** Makes the store answer a repeated question under this key as it did at first. */
  public void answerOnce(LimitKey key) {
    answerKey = key;
  }

  /**
   * Says who may have taken units of its limits ahead, which reports then say by how much.
   *
   * @param count how many there are; 0 where every check counts at once
   */
  public void sharedBy(int count) {
    holders = count;
  }

  /**
   * Adds a limit to be decided.
   *
   * @param counted the key of what is counted, made for this buffer's realm
   * @param owner whose state changes in one step: a store that spreads keeps it together
   * @param units 0 … 2^53 − 1; 0 peeks
   * @return the entry's index
   * @throws IllegalStateException past {@link #MAX_ENTRIES}
   */
  public int add(Limit limit, LimitKey counted, String owner, long units) {
    long saltedHigh = counted.high() + limit.saltHigh();
    addKey(limit, saltedHigh == 0 ? 1 : saltedHigh, counted.low() ^ limit.saltLow(), units);
    owners[size - 1] = owner;
    return size - 1;
  }

  /** Raises an entry's cost, at most to 2^53, which no limit admits. */
  public void addCost(int entry, long units) {
    cost[entry] = Math.min(1L << 53, cost[entry] + units);
  }

  void grow() {
    if (size >= MAX_ENTRIES) {
      throw new IllegalStateException("more than " + MAX_ENTRIES + " limits in one step");
    }
    int capacity = Math.min(2 * size, MAX_ENTRIES);
    limits = Arrays.copyOf(limits, capacity);
    high = Arrays.copyOf(high, capacity);
    low = Arrays.copyOf(low, capacity);
    cost = Arrays.copyOf(cost, capacity);
    owners = Arrays.copyOf(owners, capacity);
    admitted = Arrays.copyOf(admitted, capacity);
    remaining = Arrays.copyOf(remaining, capacity);
    resetAt = Arrays.copyOf(resetAt, capacity);
    retryAfter = Arrays.copyOf(retryAfter, capacity);
    nextUnitAfter = Arrays.copyOf(nextUnitAfter, capacity);
    delay = Arrays.copyOf(delay, capacity);
    times = Arrays.copyOf(times, capacity);
    offsets = Arrays.copyOf(offsets, capacity);
    adopted = Arrays.copyOf(adopted, capacity);
    // Kept, not cleared: a remembered answer may need room while the stripes are locked.
    order = Arrays.copyOf(order, capacity + 4);
    states = Arrays.copyOf(states, capacity);
    for (int i = size; i < capacity; i++) {
      states[i] = new CounterState();
    }
  }

  /** Adds another buffer's entry; returns the new entry's index. */
  public int copyEntry(CheckBuffer from, int entry) {
    return copyEntry(from, entry, from.cost[entry]);
  }

  /** As {@link #copyEntry(CheckBuffer, int)}, at another cost. */
  public int copyEntry(CheckBuffer from, int entry, long units) {
    addKey(from.limits[entry], from.high[entry], from.low[entry], units);
    owners[size - 1] = from.owners[entry];
    return size - 1;
  }

  /** Adds an entry under a key that was made before. */
  void addKey(Limit limit, long keyHigh, long keyLow, long units) {
    if (size == limits.length) {
      grow();
    }
    limits[size] = limit;
    high[size] = keyHigh;
    low[size] = keyLow;
    cost[size] = units;
    owners[size] = NOBODY;
    size++;
  }

  /** Takes over another buffer's question and its answer. */
  public void become(CheckBuffer other) {
    new RememberedAnswer(other, 0).restore(this);
    expiresAt = other.expiresAt;
  }

  /** Whose counters are asked. */
  public Realm realm() {
    return realm;
  }

  /** Whether the store decides without charging. */
  public boolean explainsOnly() {
    return dry;
  }

  /** Under which key a repeated question gets its first answer; null: it is a question anew. */
  public @Nullable LimitKey answersOnce() {
    return answerKey;
  }

  /** Begins an answer. */
  public void answer(long now, boolean pass) {
    nowMicros = now;
    allowed = pass;
    overloaded = false;
    unavailable = false;
    degraded = false;
    repeated = false;
  }

  /** Says whether an answer is one that was given before, to a question under the same key. */
  public void answerRepeated(boolean before) {
    repeated = before;
  }

  /** Whether the answer was given before, so that nothing was charged now. */
  public boolean repeated() {
    return repeated;
  }

  /**
   * Answers that the store is away and nothing was changed, as far as anybody knows.
   *
   * @param now what this machine takes the time on the realm's clock to be
   * @param retryAfterMicros after which asking again makes sense
   */
  public void answerUnavailable(long now, long retryAfterMicros) {
    answer(now, false);
    unavailable = true;
    degraded = true;
    for (int i = 0; i < size; i++) {
      answerUnknown(i, false, retryAfterMicros);
    }
  }

  /** Answers for an entry whose state nobody knows: as if nothing had been used. */
  void answerUnknown(int entry, boolean admits, long retryAfterMicros) {
    admitted[entry] = admits;
    remaining[entry] = admits ? limits[entry].kernel().capacity() : 0;
    resetAt[entry] = nowMicros;
    retryAfter[entry] = retryAfterMicros;
    nextUnitAfter[entry] = retryAfterMicros;
    delay[entry] = 0;
  }

  /**
   * Answers for an entry.
   *
   * @param state what counts after the step, as the kernel of the entry's limit has it
   * @param time the time that counts, in the kernel's ticks
   * @param charged whether this step charged the entry
   */
  public void answer(int entry, boolean admits, CounterState state, long time, boolean charged) {
    states[entry] = state;
    times[entry] = time;
    admitted[entry] = admits;
    report(entry, charged);
  }

  /** Begins an answer as a part of this question was answered. */
  public void answerAs(CheckBuffer part) {
    answer(part.nowMicros, part.allowed);
    overloaded = part.overloaded;
    unavailable = part.unavailable;
    degraded = part.degraded;
    expiresAt = part.expiresAt;
  }

  /** Answers for an entry as a part of this question does, whose buffer is not used any more. */
  public void answerAs(int entry, CheckBuffer part, int entryOfPart) {
    states[entry] = part.states[entryOfPart];
    times[entry] = part.times[entryOfPart];
    admitted[entry] = part.admitted[entryOfPart];
    remaining[entry] = part.remaining[entryOfPart];
    resetAt[entry] = part.resetAt[entryOfPart];
    retryAfter[entry] = part.retryAfter[entryOfPart];
    nextUnitAfter[entry] = part.nextUnitAfter[entryOfPart];
    delay[entry] = part.delay[entryOfPart];
    cost[entry] = part.cost[entryOfPart];
  }

  /** Makes the answer a denial by a limit, whatever a part of it said. */
  public void deny() {
    allowed = false;
    overloaded = false;
    unavailable = false;
  }

  /** Says when the hold that was made, or was there, ends; 0 where there is none. */
  public void answerExpiry(long atMicros) {
    expiresAt = atMicros;
  }

  /** Writes an entry's remaining and waits; the delay only of what was charged. */
  void report(int i, boolean charged) {
    Kernel kernel = limits[i].kernel();
    CounterState state = states[i];
    long now = times[i];
    long left = kernel.remaining(state, now);
    remaining[i] = left;
    long full = kernel.tick().toMicros(now + kernel.resetAfter(state, now));
    resetAt[i] = Math.max(full, nowMicros);
    retryAfter[i] = admitted[i] ? 0 : waitMicros(kernel, now, kernel.waitFor(state, now, cost[i]));
    nextUnitAfter[i] =
        left >= kernel.capacity()
            ? 0
            : waitMicros(kernel, now, kernel.waitFor(state, now, left + 1));
    boolean delayed = charged && admitted[i] && cost[i] > 0;
    delay[i] = delayed ? waitMicros(kernel, now, kernel.delay(state)) : 0;
  }

  /** From the caller's now, not from the start of its tick: exact to the microsecond. */
  private long waitMicros(Kernel kernel, long now, long wait) {
    if (wait == 0 || wait == NEVER) {
      return wait;
    }
    return Math.max(0, kernel.tick().toMicros(now + wait) - nowMicros);
  }

  /** How many entries there are. */
  public int size() {
    return size;
  }

  /** Whether a policy has decided, since the store was away. */
  public boolean degraded() {
    return degraded;
  }

  /** Whether everything passed. */
  public boolean allowed() {
    return allowed;
  }

  /** The time of the decision on the realm's clock, in microseconds since the epoch. */
  public long nowMicros() {
    return nowMicros;
  }

  /** When the lease or the reservation that was made, or was held already, ends. */
  public long expiresAtMicros() {
    return expiresAt;
  }

  /** The key of an entry's counter. */
  public LimitKey key(int entry) {
    return new LimitKey(high[entry], low[entry]);
  }

  /** Whose state an entry's counter is. */
  public String owner(int entry) {
    return owners[entry];
  }

  /** What counts of an entry after the step, as its kernel has it; the buffer's own. */
  public CounterState state(int entry) {
    return states[entry];
  }

  /** The time at which an entry's state is, in its kernel's ticks. */
  public long time(int entry) {
    return times[entry];
  }

  /** An entry's cost. */
  public long cost(int entry) {
    return cost[entry];
  }

  /** An entry's limit. */
  public Limit limit(int entry) {
    return limits[entry];
  }

  /** Gives an entry a limit with other numbers, which counts in the same key. */
  public void limit(int entry, Limit limit) {
    limits[entry] = limit;
  }

  /** Whether an entry's limit admits its cost. */
  public boolean admitted(int entry) {
    return admitted[entry];
  }

  /** The largest cost that the limit would admit now. */
  public long remaining(int entry) {
    return remaining[entry];
  }

  /** 0 when the cost passed, {@link #NEVER} when it cannot, else the least wait. */
  public long retryAfterMicros(int entry) {
    return retryAfter[entry];
  }

  /** The decision over all entries. */
  public Decision decision() {
    int[] all = new int[size];
    Arrays.setAll(all, i -> i);
    return decision(all);
  }

  /** The decision over some entries, in this order. */
  public Decision decision(int[] entries) {
    return Verdict.of(this, entries);
  }
}
