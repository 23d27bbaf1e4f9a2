package io.tollgate.limiter.redis.simulation;

import io.tollgate.limiter.algorithm.CounterState;
import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.algorithm.States;
import io.tollgate.limiter.redis.Script;
import io.tollgate.limiter.redis.Slots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a Redis knows, and how scripts change it.
 *
 * <p>It reads the bytes that {@code StepCodec} and {@code Fleet} write, as the scripts do, and
 * counts by the core's kernels: {@code LuaPropertyTest} and the contract prove that the scripts
 * count alike. Keys live by its own clock, as long as scripts say. It remembers every call, so that
 * a replica can know an earlier part of them.
 */
final class ModelRedis {

  /** What stands under a key. */
  sealed interface Kept {

    /** After which millisecond of Redis's clock it is gone. */
    long lastMillis();
  }

  /** A counter, a log or leases. */
  record Counted(Kernel kernel, CounterState state, long lastMillis) implements Kept {}

  /** A remembered answer, with its outcome marked as repeated. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Remembered(byte[] answer, long lastMillis) implements Kept {}

  /**
   * A reservation or a lease.
   *
   * @param kind 1 of a reservation, 2 of a lease
   * @param charges of each limit whether it was charged, and its mark
   * @param rest what its owner wants to read of it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Held(
      int kind,
      boolean settled,
      long ends,
      long cost,
      List<Charge> charges,
      byte[] rest,
      long lastMillis)
      implements Kept {

    /** What a hold remembers of a limit. */
    record Charge(boolean charged, long mark) {}

    boolean isOpen(long micros) {
      return !settled && ends > micros;
    }
  }

  /** What instances make keys with. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Agreed(byte[] hashKey, long lastMillis) implements Kept {}

  /** Until when each instance is there, in microseconds; those are gone by themselves. */
  record Members(Map<String, Long> until, long lastMillis) implements Kept {}

  /** Told of what steps do, as they do it. */
  interface Witness {

    /**
     * An item has charged units to a key.
     *
     * @param item the very bytes that were sent
     */
    void charged(byte[] item, String key, long units);

    /** An item was denied; the key is its first. */
    void denied(String key);

    /** So many units of a key, at most, do not count any more. */
    void returned(String key, long units);

    /** An item has given back so many units that were charged, whether or not they still count. */
    void givenBack(String key, long units);

    /** A key was forgotten, for somebody asked for that. */
    void reset(String key);
  }

  /** Refuses a write, in Redis's words. */
  static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String words;

    Refused(String words) {
      super(words, null, false, false);
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  private record Call(long nanos, Consumer<ModelRedis> again) {}

  private static final long UNLIMITED = Long.MAX_VALUE;
  private static final long USUAL_AHEAD = 1_000_000;
  private static final long FOREVER = Long.MAX_VALUE;

  private static final Witness NOBODY =
      new Witness() {
        @Override
        public void charged(byte[] item, String key, long units) {}

        @Override
        public void denied(String key) {}

        @Override
        public void returned(String key, long units) {}

        @Override
        public void givenBack(String key, long units) {}

        @Override
        public void reset(String key) {}
      };

  private final Kernels kernels;
  private final Defect defect;
  private final Map<String, Kept> keys = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private Witness witness = NOBODY;
  private String refusal = "";

  /** An empty one. */
  ModelRedis(Kernels kernels, Defect defect) {
    this.kernels = kernels;
    this.defect = defect;
  }

  /** From now on somebody is told of what steps do. */
  void tell(Witness listener) {
    witness = listener;
  }

  /** From now on writes are refused in these words. */
  void refuseWrites(String words) {
    refusal = words;
  }

  /** There is memory again; who is no master any more refuses as before. */
  void writeAgain() {
    refusal = isReadOnly() ? refusal : "";
  }

  private boolean isReadOnly() {
    return refusal.startsWith("READONLY");
  }

  /** What one knows that has heard only what was called up to an instant. */
  ModelRedis asOf(long nanos) {
    ModelRedis copy = new ModelRedis(kernels, defect);
    for (Call call : calls) {
      if (call.nanos <= nanos) {
        call.again.accept(copy);
        copy.calls.add(call);
      }
    }
    return copy;
  }

  /**
   * Calls a script.
   *
   * @param nanos by the world's clock
   * @param micros by its own
   */
  List<byte[]> call(
      Script script, List<byte[]> names, List<byte[]> items, long nanos, long micros) {
    List<byte[]> answers = run(script, names, items, micros);
    if (refusal.isEmpty() || script == Script.FLEET) {
      calls.add(new Call(nanos, copy -> copy.run(script, names, items, micros)));
    }
    return answers;
  }

  private List<byte[]> run(Script script, List<byte[]> names, List<byte[]> items, long micros) {
    return switch (script) {
      case CHECK, VERBS -> steps(script == Script.VERBS, names, items, micros);
      case READ -> names.stream().map(name -> ModelHold.stored(live(name, micros))).toList();
      case FLEET -> fleet(names, items, micros);
      case NAMESPACES, TRIAL -> throw new IllegalStateException("not modelled: " + script);
    };
  }

  private List<byte[]> steps(
      boolean everyVerb, List<byte[]> names, List<byte[]> items, long micros) {
    List<byte[]> answers = new ArrayList<>(items.size());
    int next = 0;
    for (byte[] item : items) {
      ModelStep step = new ModelStep(this, kernels, everyVerb, item, names, next, micros);
      next = step.nextKey();
      answers.add(step.run());
    }
    return answers;
  }

  /** As fleet.lua has it; without memory it writes, for what it does first frees some. */
  private List<byte[]> fleet(List<byte[]> names, List<byte[]> items, long micros) {
    if (isReadOnly()) {
      throw new Refused(refusal);
    }
    byte[] offered = items.getFirst();
    String agreement = Bytes.text(names.getFirst());
    if (!keys.containsKey(agreement) && offered.length > 0) {
      keys.put(agreement, new Agreed(offered, FOREVER));
    }
    String members = Bytes.text(names.get(1));
    String id = Bytes.text(items.get(1));
    long ttl = Long.parseLong(Bytes.text(items.get(2)));
    Map<String, Long> until = new HashMap<>(members(members));
    until.values().removeIf(end -> end < micros);
    if (ttl > 0) {
      until.values().removeIf(end -> end > micros + ttl);
      until.put(id, micros + ttl);
    } else {
      until.remove(id);
    }
    keys.put(members, new Members(until, FOREVER));
    byte[] agreed = keys.get(agreement) instanceof Agreed one ? one.hashKey : new byte[0];
    return List.of(
        agreed,
        Bytes.bytes(Integer.toString(until.size())),
        Bytes.bytes("0"),
        Bytes.bytes(Long.toString(micros)),
        new byte[0]);
  }

  private Map<String, Long> members(String name) {
    return keys.get(name) instanceof Members members ? members.until : Map.of();
  }

  /** The slot of a key, by what stands in braces. */
  static int slot(String name) {
    return Slots.of(name.substring(name.indexOf('{') + 1, name.indexOf('}')));
  }

  /**
   * Whether something stands under a key: 1 or 0; -1 where the model has no such key, as it keeps
   * leases under one and Redis under two.
   */
  int has(String name, long micros) {
    if (name.contains("}:w:")) {
      return -1;
    }
    return live(name, micros) == null ? 0 : 1;
  }

  /** The keys of a slot, in an order of their own. */
  List<String> ofSlot(int slot) {
    return keys.keySet().stream().filter(name -> slot(name) == slot).sorted().toList();
  }

  /** Hands a key out: it is not here any more. */
  Kept take(String name, long nanos) {
    Kept kept = Objects.requireNonNull(keys.get(name), name);
    evict(name, nanos);
    return kept;
  }

  /**
   * Takes a key in.
   *
   * @param laterMillis by which its end is later on this clock than on the one it comes from
   */
  void adopt(String name, Kept kept, long laterMillis, long nanos) {
    Kept here = later(kept, laterMillis);
    again(nanos, copy -> copy.keys.put(name, later(here, 0)));
  }

  /** A copy of its own, since some are changed where they stand. */
  private static Kept later(Kept kept, long millis) {
    return switch (kept) {
      case Counted(Kernel kernel, CounterState state, long last) ->
          new Counted(kernel, States.copy(state), last + millis);
      case Remembered(byte[] answer, long last) -> new Remembered(answer, last + millis);
      case Held(
              int kind,
              boolean settled,
              long ends,
              long cost,
              List<Held.Charge> charges,
              byte[] rest,
              long last) ->
          new Held(kind, settled, ends, cost, charges, rest, last + millis);
      case Agreed agreed -> agreed;
      case Members members -> members;
    };
  }

  private void again(long nanos, Consumer<ModelRedis> change) {
    change.accept(this);
    calls.add(new Call(nanos, change));
  }

  /** Forgets a key, as when there is no memory left. */
  void evict(String name, long nanos) {
    again(nanos, copy -> copy.keys.remove(name));
  }

  /** The names of all counters, in an order of their own. */
  List<String> counters() {
    return keys.entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Counted)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** What stands under a key now; null when nothing does. */
  @Nullable Kept live(byte[] name, long micros) {
    return live(Bytes.text(name), micros);
  }

  @Nullable Kept live(String name, long micros) {
    Kept kept = keys.get(name);
    if (kept != null && micros / 1_000 > kept.lastMillis()) {
      keys.remove(name);
      return null;
    }
    return kept;
  }

  /** Throws where nothing may be written. */
  void requireWritable() {
    if (!refusal.isEmpty()) {
      throw new Refused(refusal);
    }
  }

  void put(String name, Kept kept) {
    keys.put(name, kept);
  }

  void remove(String name) {
    keys.remove(name);
  }

  Witness witness() {
    return witness;
  }

  /** By which a state may be ahead before it is moved back. */
  long maxAheadMicros() {
    return defect == Defect.NO_REANCHOR ? UNLIMITED : USUAL_AHEAD;
  }

  boolean givesNothingBack() {
    return defect == Defect.NO_PUT_BACK;
  }
}
