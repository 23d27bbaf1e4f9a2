package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.redis.KeptHold.Charged;
import io.tollgate.limiter.store.CheckBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Writes questions as the script reads them, and reads its answers; verbs.lua says how both look.
 *
 * <p>The script answers with states only: what remains and how long to wait is worked out here, by
 * the kernels that the memory store uses. Immutable, and safe for use by any number of threads.
 */
public final class StepCodec {

  /** What became of an item. */
  public enum Outcome {
    /** A limit denied it; nothing was charged. */
    DENIED,
    /** It passed, and was charged unless it only explains. */
    ALLOWED,
    /** Redis has another date than this machine: a calendar's window was not among those sent. */
    OUTSIDE,
    /** Redis refused a command of it; whatever came before that command stands. */
    FAILED,
    /** There is no such hold. */
    UNKNOWN,
    /** The hold was settled before. */
    SETTLED,
    /** The hold's time is over. */
    EXPIRED,
    /** The hold was settled or renewed. */
    DONE,
    /** Only {@link Script#VERBS} can decide it; nothing was charged. */
    OTHERWISE
  }

  private enum Verb {
    CHECK(1),
    RESERVE(2),
    ACQUIRE(3),
    REFUND(4),
    RESET(5),
    COMMIT(6),
    RENEW(7),
    RELEASE(8),
    GIVE_BACK(9);

    final int code;

    Verb(int code) {
      this.code = code;
    }
  }

  private static final int DRY = 1;
  private static final int ONCE = 2;
  private static final int MOVABLE = 4;
  private static final int REPEATED = 128;
  private static final int HEAD = 11;
  private static final int MOST_PER_LIMIT = 58;
  private static final byte[] NOTHING = {};

  private final KeyNames names;

  /**
   * A codec.
   *
   * @param prefix begins every key, before all else; empty where a Redis serves nothing but us
   * @param hasher the same for all who share a store: it says which owners share a slot
   */
  public StepCodec(String prefix, KeyHasher hasher) {
    this(prefix, () -> hasher);
  }

  /** As the other one, where the hasher may change. */
  public StepCodec(String prefix, Supplier<KeyHasher> hasher) {
    this.names = new KeyNames(prefix, hasher);
  }

  /**
   * Makes an id lead to the slot of a question's first counter: who settles a hold knows its id
   * only. Takes 14 of its 128 bits.
   */
  public HoldId place(HoldId id, CheckBuffer question) {
    return inSlot(id, slot(question));
  }

  /** The id of what a hold keeps in a slot. */
  static HoldId inSlot(HoldId id, int slot) {
    return new HoldId(id.high(), (id.low() & -Slots.COUNT) | slot);
  }

  /** The slot that an id leads to. */
  static int slot(HoldId id) {
    return (int) id.low() & Slots.COUNT - 1;
  }

  /** The slot of a question's first counter. */
  int slot(CheckBuffer question) {
    return question.size() == 0 ? 0 : names.slot(question, 0);
  }

  /**
   * A check.
   *
   * @param nowMicros what this machine takes the time of Redis to be, for the windows of calendars
   */
  public Step check(CheckBuffer question, long nowMicros) {
    LimitKey once = question.answersOnce();
    if (once == null) {
      Step step = step(Verb.CHECK, 0, question, nowMicros, NOTHING, List.of());
      return countersAlone(question)
          ? new Step(Script.CHECK, step.slot(), step.keys(), step.item())
          : step;
    }
    byte[] limits = LimitCodec.bytes(question);
    byte[] answer = names.key(slot(question), "a:", once.high(), once.low());
    return step(Verb.CHECK, ONCE, question, nowMicros, limits, List.of(answer));
  }

  /** A reservation. */
  public Step reserve(CheckBuffer question, long nowMicros, HoldId id, long ttlMicros) {
    return reserve(question, nowMicros, id, ttlMicros, List.of());
  }

  /** A reservation whose other parts are kept in these slots. */
  Step reserve(
      CheckBuffer question, long nowMicros, HoldId id, long ttlMicros, List<Integer> beside) {
    return take(Verb.RESERVE, question, nowMicros, id, ttlMicros, beside);
  }

  /** A lease. */
  public Step acquire(CheckBuffer question, long nowMicros, HoldId id, long ttlMicros) {
    return acquire(question, nowMicros, id, ttlMicros, List.of());
  }

  /** A lease whose other parts are kept in these slots. */
  Step acquire(
      CheckBuffer question, long nowMicros, HoldId id, long ttlMicros, List<Integer> beside) {
    return take(Verb.ACQUIRE, question, nowMicros, id, ttlMicros, beside);
  }

  private Step take(
      Verb verb,
      CheckBuffer question,
      long nowMicros,
      HoldId id,
      long ttlMicros,
      List<Integer> beside) {
    Realm realm = question.realm();
    long offset = realm.offsetMicros();
    List<Charged> limits = limits(question, nowMicros + offset);
    List<Charged> settled =
        IntStream.range(0, limits.size())
            .filter(i -> verb == Verb.RESERVE || isLease(question, i))
            .mapToObj(limits::get)
            .toList();
    byte[] kept = new KeptHold(realm.id(), offset, realm.movable(), settled, beside).bytes();
    ByteBuffer rest = Packed.little(ByteBuffer.allocate(7 + 16 + kept.length));
    Packed.number(rest, ttlMicros);
    rest.put(bytes(id)).put(kept);
    return step(verb, flags(question), offset, limits, rest.array(), id);
  }

  /** Takes back each limit's cost. */
  public Step refund(CheckBuffer question, long nowMicros) {
    return step(Verb.REFUND, 0, question, nowMicros, NOTHING, List.of());
  }

  /**
   * Takes back what single charges have left in each limit: what has leaked since, or belongs to a
   * window that is over, stays spent.
   *
   * @param marks of each charge, as {@link Kernel#mark} gives it
   */
  public Step giveBack(CheckBuffer question, long[] marks, long nowMicros) {
    ByteBuffer rest = Packed.little(ByteBuffer.allocate(7 * marks.length));
    for (long mark : marks) {
      Packed.number(rest, mark);
    }
    return step(Verb.GIVE_BACK, 0, question, nowMicros, rest.array(), List.of());
  }

  /** Forgets what was used. */
  public Step reset(CheckBuffer question, long nowMicros, boolean leasesToo) {
    byte[] rest = {(byte) (leasesToo ? 1 : 0)};
    return step(Verb.RESET, 0, question, nowMicros, rest, List.of());
  }

  /**
   * Settles a reservation.
   *
   * @param hold what {@link #holdKey} holds
   */
  Step commit(KeptHold hold, HoldId id, long actual) {
    ByteBuffer rest = Packed.little(ByteBuffer.allocate(7));
    Packed.number(rest, actual);
    return settle(Verb.COMMIT, hold, id, rest.array());
  }

  /** Gives a lease a new time to live. */
  Step renew(KeptHold hold, HoldId id, long ttlMicros) {
    ByteBuffer rest = Packed.little(ByteBuffer.allocate(7 + 16));
    Packed.number(rest, ttlMicros);
    return settle(Verb.RENEW, hold, id, rest.put(bytes(id)).array());
  }

  /** Ends a lease. */
  Step release(KeptHold hold, HoldId id) {
    return settle(Verb.RELEASE, hold, id, bytes(id));
  }

  private Step settle(Verb verb, KeptHold hold, HoldId id, byte[] rest) {
    int flags = hold.movable() ? MOVABLE : 0;
    return step(verb, flags, hold.offsetMicros(), hold.limits(), rest, id);
  }

  private Step step(
      Verb verb, int flags, CheckBuffer question, long nowMicros, byte[] rest, List<byte[]> more) {
    long offset = question.realm().offsetMicros();
    int count = question.size();
    List<byte[]> keys = new ArrayList<>(count + more.size() + 1);
    ByteBuffer out = begin(verb, flags | flags(question), offset, count, rest);
    int first = 0;
    int slot = -1;
    for (int i = 0; i < count; i++) {
      slot = slot(question, i, slot);
      first = i == 0 ? slot : first;
      addKeys(question, i, slot, keys);
      putNumbers(out, question, i, nowMicros + offset);
    }
    keys.addAll(more);
    return new Step(Script.VERBS, first, keys, end(out, rest));
  }

  private static ByteBuffer begin(Verb verb, int flags, long offset, int limits, byte[] rest) {
    ByteBuffer out =
        Packed.little(ByteBuffer.allocate(HEAD + MOST_PER_LIMIT * limits + rest.length));
    out.put((byte) verb.code).put((byte) flags);
    Packed.number(out, offset);
    return out.putShort((short) limits);
  }

  private static int flags(CheckBuffer question) {
    return (question.explainsOnly() ? DRY : 0) | (question.realm().movable() ? MOVABLE : 0);
  }

  private List<Charged> limits(CheckBuffer question, long now) {
    List<Charged> limits = new ArrayList<>(question.size());
    int slot = -1;
    for (int i = 0; i < question.size(); i++) {
      List<byte[]> keys = new ArrayList<>(2);
      slot = slot(question, i, slot);
      addKeys(question, i, slot, keys);
      limits.add(new Charged(keys, numbers(question, i, now)));
    }
    return limits;
  }

  private Step step(
      Verb verb, int flags, long offset, List<Charged> limits, byte[] rest, HoldId hold) {
    List<byte[]> keys = new ArrayList<>(limits.size() + 2);
    ByteBuffer out = begin(verb, flags, offset, limits.size(), rest);
    for (Charged limit : limits) {
      keys.addAll(limit.keys());
      out.put(limit.numbers());
    }
    keys.add(holdKey(hold));
    return new Step(Script.VERBS, slot(hold), keys, end(out, rest));
  }

  private static byte[] end(ByteBuffer out, byte[] rest) {
    byte[] bytes = new byte[out.put(rest).position()];
    out.flip().get(bytes);
    return bytes;
  }

  private static boolean countersAlone(CheckBuffer question) {
    for (int i = 0; i < question.size(); i++) {
      if (question.limit(i).kernel().storage() == Kernel.Storage.LIST) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLease(CheckBuffer question, int i) {
    return question.limit(i).algorithm() instanceof Algorithm.Concurrency;
  }

  /**
   * The slot of an entry, which nearly always is that of the one before.
   *
   * @param before that slot; negative: it is not known
   */
  int slot(CheckBuffer question, int i, int before) {
    return before >= 0 && i > 0 && question.owner(i).equals(question.owner(i - 1))
        ? before
        : names.slot(question, i);
  }

  private void addKeys(CheckBuffer question, int i, int slot, List<byte[]> keys) {
    LimitKey key = question.key(i);
    keys.add(names.key(slot, "", key.high(), key.low()));
    if (isLease(question, i)) {
      keys.add(names.key(slot, "w:", key.high(), key.low()));
    }
  }

  /** Where a hold is kept. */
  public byte[] holdKey(HoldId id) {
    return names.key(slot(id), "h:", id.high(), id.low());
  }

  private static byte[] bytes(HoldId id) {
    return ByteBuffer.allocate(16).putLong(id.high()).putLong(id.low()).array();
  }

  /** Cost, shadow, kind and the kernel's numbers of an entry. */
  private static byte[] numbers(CheckBuffer question, int i, long now) {
    ByteBuffer out = Packed.little(ByteBuffer.allocate(MOST_PER_LIMIT));
    putNumbers(out, question, i, now);
    return end(out, NOTHING);
  }

  private static void putNumbers(ByteBuffer out, CheckBuffer question, int i, long now) {
    Packed.number(out, question.cost(i));
    out.put((byte) (question.limit(i).shadow() ? 1 : 0));
    KernelCodec.put(out, question.limit(i).kernel(), now);
  }

  /**
   * Reads an answer into the buffer that asked; only decided ones change it. One that is repeated
   * brings the limits that it was decided by.
   */
  public Outcome read(byte[] answer, CheckBuffer into) {
    ByteBuffer in = Packed.little(ByteBuffer.wrap(answer));
    int code = Byte.toUnsignedInt(in.get());
    if (code >= REPEATED) {
      byte[] limits = new byte[Short.toUnsignedInt(in.getShort())];
      in.get(limits);
      LimitCodec.read(limits, into);
    }
    Outcome outcome = Outcome.values()[code % REPEATED];
    if (outcome == Outcome.DENIED || outcome == Outcome.ALLOWED) {
      into.answer(Packed.number(in), outcome == Outcome.ALLOWED);
      into.answerRepeated(code >= REPEATED);
      for (int i = 0; i < into.size(); i++) {
        LimitAnswer.read(in, into, i);
      }
      if (in.hasRemaining()) {
        into.answerExpiry(Packed.number(in));
      }
    }
    return outcome;
  }

  /** What became of an item. */
  public static Outcome outcome(byte[] answer) {
    return Outcome.values()[Byte.toUnsignedInt(answer[0]) % REPEATED];
  }

  /** The time that the script used, on the realm's clock. */
  public static long time(byte[] answer) {
    return Packed.number(Packed.little(ByteBuffer.wrap(answer)).position(1));
  }

  /** The number behind {@link Outcome#DONE}: what was settled, or the new end. */
  public static long number(byte[] answer) {
    return Packed.number(Packed.little(ByteBuffer.wrap(answer)).position(8));
  }

  /** Why an item has failed, in the words of Redis. */
  public static String failure(byte[] answer) {
    return new String(answer, 8, answer.length - 8, StandardCharsets.UTF_8);
  }
}
