package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.KernelShape;
import io.tollgate.limiter.algorithm.States;
import io.tollgate.limiter.redis.simulation.ModelRedis.Counted;
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
  private static final int GIVE_BACK = 9;

  private static final int DRY = 1;
  private static final int ONCE = 2;
  private static final int MOVABLE = 4;
  private static final int REPEATED = 128;

  static final int DENIED = 0;
  static final int ALLOWED = 1;
  private static final int OUTSIDE = 2;
  private static final int FAILED = 3;
  private static final int OTHERWISE = 8;

  private static final int ADMITTED = 1;
  private static final int MOVED = 2;
  private static final int CHARGED = 4;

  private static final long KEPT_MILLIS = 59_999;
  private static final int MOST_PER_LIMIT = 40;

  /** A calendar's windows, as they were sent, do not hold the time. */
  private static final class Outside extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Outside() {
      super("", null, false, false);
    }
  }

  /** A limit of the item. */
  static final class Part {

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

  final ModelRedis redis;
  private final boolean everyVerb;
  private final byte[] item;
  final long micros;
  private final int verb;
  private final int flags;
  final List<Part> parts = new ArrayList<>();
  final ByteBuffer rest;
  final String holdKey;
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
    boolean holds = verb != CHECK && verb != REFUND && verb != RESET && verb != GIVE_BACK;
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
        case REFUND -> refund();
        case RESET -> reset();
        case GIVE_BACK -> giveBack();
        case RESERVE -> new ModelHold(this).reserve();
        case ACQUIRE -> new ModelHold(this).acquire();
        case COMMIT -> new ModelHold(this).commit();
        case RENEW -> new ModelHold(this).renew();
        case RELEASE -> new ModelHold(this).release();
        default -> throw new IllegalStateException("a verb " + verb);
      };
    } catch (Outside e) {
      return Bytes.written(head(OUTSIDE, 0));
    } catch (Refused e) {
      byte[] words = Bytes.bytes(e.words());
      return Bytes.written(head(FAILED, words.length).put(words));
    }
  }

  ByteBuffer head(int outcome, int more) {
    return Bytes.number(Bytes.writing(8 + more).put((byte) outcome), micros);
  }

  boolean loadAll() {
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

  boolean judge() {
    boolean allowed = true;
    for (Part p : parts) {
      p.admitted = p.kernel.admits(p.state, p.now, p.cost);
      allowed &= p.admitted || p.shadow;
    }
    return allowed;
  }

  void admitAll() {
    parts.forEach(p -> p.admitted = true);
  }

  void writeAll(boolean charging, @Nullable HoldId lease, long ttl) {
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

  void save(Part p) {
    long idle = p.kernel.tick().toMicros(p.kernel.idleAt(p.state));
    long millis = Math.max(1, Math.ceilDiv(Math.max(0, idle - micros), 1_000));
    redis.put(p.key, new Counted(p.kernel, p.state, micros / 1_000 + millis));
  }

  ByteBuffer told(int outcome, int more) {
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

  byte[] remaining() {
    byte[] bytes = new byte[rest.remaining()];
    rest.get(bytes);
    return bytes;
  }

  private byte[] refund() {
    loadAll();
    admitAll();
    for (Part p : parts) {
      if (p.stored) {
        redis.requireWritable();
        p.kernel.refund(p.state, p.now, p.cost);
        redis.witness().returned(p.key, p.cost);
        save(p);
      }
    }
    return Bytes.written(told(ALLOWED, 0));
  }

  private byte[] giveBack() {
    loadAll();
    admitAll();
    if (redis.givesNothingBack()) {
      return Bytes.written(told(ALLOWED, 0));
    }
    for (Part p : parts) {
      long mark = Bytes.number(rest);
      long used = p.state.used;
      long previous = p.state.previous;
      if (p.stored && !p.adopted) {
        p.kernel.giveBack(p.state, p.now, mark, p.cost);
      }
      if (p.state.reanchored || p.state.used != used || p.state.previous != previous) {
        redis.requireWritable();
        save(p);
      }
      redis.witness().givenBack(p.key, p.cost);
    }
    return Bytes.written(told(ALLOWED, 0));
  }

  /** Whether an item asks for units of one limit, as who takes some ahead does. */
  static boolean isTake(byte[] item) {
    ByteBuffer in = Bytes.reading(item);
    boolean asks = in.get() == CHECK && in.get() == 0;
    return asks && Bytes.number(in) == 0 && in.getShort() == 1;
  }

  private byte[] reset() {
    boolean leasesToo = rest.get() == 1;
    for (Part p : parts) {
      if (leasesToo || !p.isLease()) {
        redis.requireWritable();
        redis.remove(p.key);
        redis.witness().reset(p.key);
      }
    }
    loadAll();
    admitAll();
    return Bytes.written(told(ALLOWED, 0));
  }
}
