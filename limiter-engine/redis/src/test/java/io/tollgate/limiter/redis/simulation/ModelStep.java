package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.KernelShape;
import io.tollgate.limiter.algorithm.States;
import io.tollgate.limiter.redis.simulation.ModelRedis.Counted;
import io.tollgate.limiter.redis.simulation.ModelRedis.Held;
import io.tollgate.limiter.redis.simulation.ModelRedis.Kept;
import io.tollgate.limiter.redis.simulation.ModelRedis.Refused;
import io.tollgate.limiter.redis.simulation.ModelRedis.Remembered;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One item of a call: read from its bytes, decided, charged and answered, as verbs.lua says. */
final class ModelStep {

  private static final int CHECK = 1;
  private static final int RESERVE = 2;
  private static final int ACQUIRE = 3;
  private static final int REFUND = 4;
  private static final int RESET = 5;
  private static final int COMMIT = 6;
  private static final int RENEW = 7;
  private static final int RELEASE = 8;

  private static final int DRY = 1;
  private static final int ONCE = 2;
  private static final int MOVABLE = 4;
  private static final int REPEATED = 128;

  private static final int DENIED = 0;
  private static final int ALLOWED = 1;
  private static final int OUTSIDE = 2;
  private static final int FAILED = 3;
  private static final int UNKNOWN = 4;
  private static final int SETTLED = 5;
  private static final int EXPIRED = 6;
  private static final int DONE = 7;
  private static final int OTHERWISE = 8;

  private static final int ADMITTED = 1;
  private static final int MOVED = 2;
  private static final int CHARGED = 4;

  private static final int RESERVATION = 1;
  private static final int LEASE = 2;
  private static final long KEPT_MILLIS = 59_999;
  private static final long HOUR_MILLIS = 3_600_000;
  private static final int MOST_PER_LIMIT = 40;

  /** A calendar's windows, as they were sent, do not hold the time. */
  private static final class Outside extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Outside() {
      super("", null, false, false);
    }
  }

  /** A limit of the item. */
  private static final class Part {

    final long cost;
    final boolean shadow;
    final Kernel kernel;
    final long @Nullable [] windows;
    final String key;
    CounterState state = new CounterState();
    long now;
    boolean stored;
    boolean adopted;
    boolean admitted;
    boolean charged;

    Part(ByteBuffer in, Kernels kernels, String key) {
      this.key = key;
      cost = Bytes.number(in);
      shadow = in.get() == 1;
      int kind = in.position();
      kernel = kernels.read(in);
      windows = Kernels.hasWindows(in, kind) ? numbers(in) : null;
    }

    private static long[] numbers(ByteBuffer in) {
      return new long[] {Bytes.number(in), Bytes.number(in), Bytes.number(in), Bytes.number(in)};
    }

    boolean isLease() {
      return kernel.shape() instanceof KernelShape.Concurrency;
    }
  }

  private final ModelRedis redis;
  private final boolean everyVerb;
  private final byte[] item;
  private final long micros;
  private final int verb;
  private final int flags;
  private final List<Part> parts = new ArrayList<>();
  private final ByteBuffer rest;
  private final String holdKey;
  private final String answerKey;
  private final int nextKey;

  /**
   * Reads an item.
   *
   * @param everyVerb whether the script is the one that decides every item
   * @param firstKey of all names, the first of this item's
   */
  ModelStep(
      ModelRedis redis,
      Kernels kernels,
      boolean everyVerb,
      byte[] item,
      List<byte[]> names,
      int firstKey,
      long micros) {
    this.redis = redis;
    this.everyVerb = everyVerb;
    this.item = item;
    this.micros = micros;
    ByteBuffer in = Bytes.reading(item);
    verb = in.get();
    flags = in.get();
    if (Bytes.number(in) != 0 || (flags & MOVABLE) != 0) {
      throw new IllegalStateException("test realms are not modelled");
    }
    int next = firstKey;
    for (int left = in.getShort(); left > 0; left--) {
      Part part = new Part(in, kernels, Bytes.text(names.get(next)));
      parts.add(part);
      next += part.isLease() ? 2 : 1;
    }
    boolean holds = verb != CHECK && verb != REFUND && verb != RESET;
    holdKey = holds ? Bytes.text(names.get(next++)) : "";
    answerKey = (flags & ONCE) != 0 ? Bytes.text(names.get(next++)) : "";
    nextKey = next;
    rest = in;
  }

  int nextKey() {
    return nextKey;
  }

  /** Decides it; nothing that is refused changes anything. */
  byte[] run() {
    try {
      return switch (verb) {
        case CHECK -> check();
        case RESERVE -> reserve();
        case ACQUIRE -> acquire();
        case REFUND -> refund();
        case RESET -> reset();
        case COMMIT -> commit();
        case RENEW -> renew();
        case RELEASE -> release();
        default -> throw new IllegalStateException("a verb " + verb);
      };
    } catch (Outside e) {
      return Bytes.written(head(OUTSIDE, 0));
    } catch (Refused e) {
      byte[] words = Bytes.bytes(e.words());
      return Bytes.written(head(FAILED, words.length).put(words));
    }
  }

  private ByteBuffer head(int outcome, int more) {
    return Bytes.number(Bytes.writing(8 + more).put((byte) outcome), micros);
  }

  private boolean loadAll() {
    boolean own = true;
    for (Part part : parts) {
      own &= load(part);
    }
    return own;
  }

  /** Whether the key held nothing else than this limit's state. */
  private boolean load(Part p) {
    long ahead = redis.maxAheadMicros();
    Kept kept = redis.live(p.key, micros);
    if (kept instanceof Counted(Kernel kernel, CounterState state, long _)) {
      p.stored = true;
      p.state = States.copy(state);
      p.state.reanchored = false;
      if (!kernel.equals(p.kernel)) {
        p.adopted = true;
        p.now = everyVerb ? p.kernel.adopt(kernel, p.state, micros, ahead) : 0;
        return false;
      }
    }
    p.now = p.kernel.advance(p.state, p.kernel.tick().ofMicros(micros), p.kernel.aheadTicks(ahead));
    if (p.windows != null && (p.now < p.windows[0] || p.now >= p.windows[3])) {
      throw new Outside();
    }
    return true;
  }

  private boolean judge() {
    boolean allowed = true;
    for (Part p : parts) {
      p.admitted = p.kernel.admits(p.state, p.now, p.cost);
      allowed &= p.admitted || p.shadow;
    }
    return allowed;
  }

  private void admitAll() {
    parts.forEach(p -> p.admitted = true);
  }

  private void writeAll(boolean charging, @Nullable HoldId lease, long ttl) {
    for (Part p : parts) {
      p.charged = charging && p.admitted && p.cost > 0;
      if (p.charged || p.state.reanchored) {
        redis.requireWritable();
      }
    }
    for (Part p : parts) {
      if (p.charged) {
        if (p.isLease()) {
          p.state.leaseId = lease;
          p.state.leaseTtl = ttl;
        }
        p.kernel.charge(p.state, p.now, p.cost);
        redis.witness().charged(item, p.key, p.cost);
        save(p);
      } else if (p.state.reanchored) {
        save(p);
      }
    }
  }

  private void save(Part p) {
    long idle = p.kernel.tick().toMicros(p.kernel.idleAt(p.state));
    long millis = Math.max(1, Math.ceilDiv(Math.max(0, idle - micros), 1_000));
    redis.put(p.key, new Counted(p.kernel, p.state, micros / 1_000 + millis));
  }

  private ByteBuffer told(int outcome, int more) {
    ByteBuffer out = head(outcome, MOST_PER_LIMIT * parts.size() + more);
    parts.forEach(p -> report(out, p));
    return out;
  }

  private static void report(ByteBuffer out, Part p) {
    CounterState s = p.state;
    int marks =
        (p.admitted ? ADMITTED : 0) | (s.reanchored ? MOVED : 0) | (p.charged ? CHARGED : 0);
    Bytes.number(out.put((byte) marks), p.now);
    if (p.kernel.storage() != Kernel.Storage.LIST) {
      Bytes.number(Bytes.number(Bytes.number(out, s.time), s.used), s.previous);
      return;
    }
    long used = p.kernel.used(s, p.now);
    long left = Math.max(0, p.kernel.capacity() - used);
    long latest = s.log != null ? s.log.newest() : 0;
    latest = s.leases != null ? s.leases.latestExpiry() : latest;
    Bytes.number(Bytes.number(out, latest), used);
    Bytes.number(out, p.admitted ? 0 : frees(p, p.cost));
    Bytes.number(out, left < p.kernel.capacity() ? frees(p, left + 1) : 0);
  }

  /** The time of the entry that a cost waits for. */
  private static long frees(Part p, long cost) {
    long wait = p.kernel.waitFor(p.state, p.now, cost);
    if (wait == 0 || wait == Kernel.NEVER) {
      return 0;
    }
    boolean log = p.kernel.shape() instanceof KernelShape.SlidingLog;
    return p.now + wait - (log ? ((KernelShape.SlidingLog) p.kernel.shape()).windowMicros() : 0);
  }

  private byte[] check() {
    if (!answerKey.isEmpty()
        && redis.live(answerKey, micros) instanceof Remembered(byte[] before, long _)) {
      return before;
    }
    if (!loadAll() && !everyVerb) {
      return Bytes.written(head(OTHERWISE, 0));
    }
    boolean allowed = judge();
    boolean dry = (flags & DRY) != 0;
    boolean remembers = !answerKey.isEmpty() && !dry;
    if (remembers) {
      redis.requireWritable();
    }
    if (!allowed) {
      redis.witness().denied(parts.getFirst().key);
    }
    writeAll(allowed && !dry, null, 0);
    byte[] said = Bytes.written(told(allowed ? ALLOWED : DENIED, 0));
    if (remembers) {
      byte[] limits = remaining();
      ByteBuffer kept = Bytes.writing(said.length + 2 + limits.length);
      kept.put((byte) (said[0] + REPEATED)).putShort((short) limits.length).put(limits);
      kept.put(said, 1, said.length - 1);
      byte[] answer = Bytes.written(kept);
      redis.put(answerKey, new Remembered(answer, micros / 1_000 + KEPT_MILLIS));
    }
    return said;
  }

  private byte[] remaining() {
    byte[] bytes = new byte[rest.remaining()];
    rest.get(bytes);
    return bytes;
  }

  private HoldId id() {
    rest.order(java.nio.ByteOrder.BIG_ENDIAN);
    HoldId id = new HoldId(rest.getLong(), rest.getLong());
    rest.order(java.nio.ByteOrder.LITTLE_ENDIAN);
    return id;
  }

  private void hold(Held hold) {
    long millis = Math.ceilDiv(Math.max(0, hold.ends() - micros), 1_000) + HOUR_MILLIS;
    redis.put(
        holdKey,
        new Held(
            hold.kind(),
            hold.settled(),
            hold.ends(),
            hold.cost(),
            hold.charges(),
            hold.rest(),
            micros / 1_000 + millis));
  }

  private byte[] holdStep(int kind) {
    long ttl = Bytes.number(rest);
    HoldId id = id();
    loadAll();
    boolean allowed = judge();
    if (allowed) {
      redis.requireWritable();
    }
    writeAll(allowed, id, ttl);
    if (allowed) {
      List<Held.Charge> charges = new ArrayList<>();
      for (Part p : parts) {
        if (kind == RESERVATION) {
          charges.add(new Held.Charge(p.admitted, p.kernel.mark(p.state, p.now)));
        } else if (p.isLease()) {
          charges.add(new Held.Charge(p.charged, 0));
        }
      }
      long cost = parts.isEmpty() ? 0 : parts.getFirst().cost;
      hold(new Held(kind, false, micros + ttl, cost, charges, remaining(), 0));
    }
    ByteBuffer out = told(allowed ? ALLOWED : DENIED, 7);
    return Bytes.written(Bytes.number(out, allowed ? micros + ttl : 0));
  }

  private byte[] reserve() {
    if (redis.live(holdKey, micros) != null) {
      throw new Refused("the reservation id was used before");
    }
    return holdStep(RESERVATION);
  }

  private byte[] acquire() {
    if (redis.live(holdKey, micros) instanceof Held held && held.isOpen(micros)) {
      loadAll();
      admitAll();
      writeAll(false, null, 0);
      return Bytes.written(Bytes.number(told(ALLOWED, 7), held.ends()));
    }
    return holdStep(LEASE);
  }

  private byte[] refund() {
    loadAll();
    admitAll();
    for (Part p : parts) {
      if (p.stored) {
        redis.requireWritable();
        p.kernel.refund(p.state, p.now, p.cost);
        save(p);
      }
    }
    return Bytes.written(told(ALLOWED, 0));
  }

  private byte[] reset() {
    boolean leasesToo = rest.get() == 1;
    for (Part p : parts) {
      if (leasesToo || !p.isLease()) {
        redis.remove(p.key);
      }
    }
    loadAll();
    admitAll();
    return Bytes.written(told(ALLOWED, 0));
  }

  private byte[] commit() {
    if (!(redis.live(holdKey, micros) instanceof Held held) || held.kind() != RESERVATION) {
      return Bytes.written(head(UNKNOWN, 0));
    } else if (held.settled()) {
      return Bytes.written(head(SETTLED, 0));
    } else if (held.ends() <= micros) {
      return Bytes.written(head(EXPIRED, 0));
    }
    long actual = Bytes.number(rest);
    redis.requireWritable();
    loadAll();
    for (int i = 0; i < parts.size(); i++) {
      Part p = parts.get(i);
      Held.Charge charge = held.charges().get(i);
      if (charge.charged() && actual > held.cost()) {
        p.kernel.charge(p.state, p.now, actual - held.cost());
        save(p);
      } else if (charge.charged() && p.stored && !p.adopted) {
        p.kernel.giveBack(p.state, p.now, charge.mark(), held.cost() - actual);
        save(p);
      }
    }
    settle(held, held.ends());
    return Bytes.written(Bytes.number(head(DONE, 7), actual));
  }

  private void settle(Held held, long ends) {
    hold(new Held(held.kind(), true, ends, held.cost(), held.charges(), held.rest(), 0));
  }

  private byte[] renew() {
    long ttl = Bytes.number(rest);
    HoldId id = id();
    if (!(redis.live(holdKey, micros) instanceof Held held) || held.kind() != LEASE) {
      return Bytes.written(head(UNKNOWN, 0));
    } else if (!held.isOpen(micros)) {
      return Bytes.written(head(EXPIRED, 0));
    }
    redis.requireWritable();
    boolean isHeld = true;
    for (int i = 0; i < parts.size(); i++) {
      Part p = parts.get(i);
      if (held.charges().get(i).charged()) {
        boolean renewed =
            redis.live(p.key, micros) instanceof Counted(Kernel _, CounterState state, long _)
                && renew(p, state, id, ttl);
        isHeld &= renewed;
      }
    }
    if (!isHeld) {
      return Bytes.written(head(EXPIRED, 0));
    }
    long ends = micros + ttl;
    hold(new Held(LEASE, false, ends, held.cost(), held.charges(), held.rest(), 0));
    return Bytes.written(Bytes.number(head(DONE, 7), ends));
  }

  private boolean renew(Part p, CounterState state, HoldId id, long ttl) {
    boolean renewed = state.leases != null && state.leases.renew(id, micros, ttl);
    if (renewed) {
      p.state = state;
      save(p);
    }
    return renewed;
  }

  private byte[] release() {
    HoldId id = id();
    if (!(redis.live(holdKey, micros) instanceof Held held) || held.kind() != LEASE) {
      return Bytes.written(head(UNKNOWN, 0));
    } else if (!held.isOpen(micros)) {
      return Bytes.written(head(EXPIRED, 0));
    }
    redis.requireWritable();
    for (Part p : parts) {
      if (redis.live(p.key, micros) instanceof Counted(Kernel _, CounterState state, long _)
          && state.leases != null
          && state.leases.holds(id)) {
        state.leases.release(id);
        p.state = state;
        save(p);
      }
    }
    settle(held, held.ends());
    return Bytes.written(Bytes.number(head(DONE, 7), 0));
  }

  /** What READ answers: a hold's bytes, and nothing where there is none. */
  static byte[] stored(@Nullable Kept kept) {
    if (!(kept instanceof Held held)) {
      return new byte[0];
    }
    ByteBuffer out = Bytes.writing(17 + 8 * held.charges().size() + held.rest().length);
    out.put((byte) held.kind()).put((byte) (held.settled() ? 1 : 0));
    Bytes.number(Bytes.number(out, held.ends()), held.cost()).put((byte) held.charges().size());
    for (Held.Charge charge : held.charges()) {
      Bytes.number(out.put((byte) (charge.charged() ? 1 : 0)), charge.mark());
    }
    return Bytes.written(out.put(held.rest()));
  }
}
