package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What bears on bounds and is no count of what was admitted. */
final class Facts {

  /** One life of an instance. */
  static final class Life {

    /** When it began. */
    final long from;

    /** How many loops it has. */
    final int lanes;

    /** When it ended. */
    long until = Long.MAX_VALUE;

    Life(long from, int lanes) {
      this.from = from;
      this.lanes = lanes;
    }

    /** When it was told how many instances there are, and how many. */
    final Longs toldAt = new Longs();

    final Longs told = new Longs();

    /** When its memory may have lost count: its clock was stepped, its keys are others now. */
    final Longs lostCount = new Longs();

    /** The fewest instances that it took there to be at some time between two instants. */
    long fewestInstances(long from, long to) {
      int first = toldAt.before(from) - 1;
      long least = first < 0 ? 1 : told.get(first);
      for (int i = first + 1; i < told.size() && toldAt.get(i) <= to; i++) {
        least = Math.min(least, told.get(i));
      }
      return Math.max(1, least);
    }
  }

  /**
   * While a master that was replaced may still be asked.
   *
   * @param slots which it had
   */
  record OldMaster(long from, long to, IntPredicate slots) {}

  /** What has happened to the counter of one limit of a subject. */
  static final class Counter {

    final Set<OldMaster> oldMasters = new LinkedHashSet<>();

    /** When Redis has forgotten something of it. */
    final Longs forgot = new Longs();

    /** When the clock that it is counted by was stepped. */
    final Longs stepped = new Longs();

    /** Whether Redis has kept all of it, by one clock. */
    boolean isFaithful() {
      return forgot.size() == 0 && stepped.size() == 0 && oldMasters.isEmpty();
    }
  }

  final List<Life> lives = new ArrayList<>();
  private final Map<Subject.Part, Counter> counters = new HashMap<>();
  private final Map<String, Subject.Part> names = new HashMap<>();
  private final Map<Subject.Part, Set<Integer>> slots = new HashMap<>();
  private final List<OldMaster> oldMasters = new ArrayList<>();

  /** The key of one of a subject's limits. */
  void names(String key, Subject subject, int limit) {
    Subject.Part part = new Subject.Part(subject, limit);
    int slot = ModelRedis.slot(key);
    names.put(key, part);
    slots.computeIfAbsent(part, _ -> new HashSet<>()).add(slot);
    oldMasters.forEach(old -> concerns(old, part, slot));
  }

  /** Whose counter a key is; null when it is none. */
  Subject.@Nullable Part part(String key) {
    return names.get(key);
  }

  /** The counters of some slots, as far as somebody has asked for them. */
  Set<Subject.Part> counters(IntPredicate some) {
    Set<Subject.Part> found = new LinkedHashSet<>();
    names.forEach((key, part) -> {
      if (some.test(ModelRedis.slot(key))) {
        found.add(part);
      }
    });
    return found;
  }

  /** The slots of all counters that somebody has asked for, in their order. */
  List<Integer> slots() {
    return names.keySet().stream().map(ModelRedis::slot).distinct().sorted().toList();
  }

  /** Redis has forgotten a key. */
  void forgot(String key, long now) {
    Subject.Part part = names.get(key);
    if (part != null) {
      of(part).forgot.add(now);
    }
  }

  /** From now on a key is counted by another clock. */
  void stepped(String key, long now) {
    Subject.Part part = names.get(key);
    if (part != null) {
      of(part).stepped.add(now);
    }
  }

  /** Where the counters of a subject are, or have been. */
  Set<Integer> slots(Subject subject) {
    Set<Integer> all = new HashSet<>();
    subject.parts().forEach(part -> all.addAll(slots.getOrDefault(part, Set.of())));
    return all;
  }

  /** A master is replaced that may still be asked. */
  void replaced(OldMaster old) {
    oldMasters.add(old);
    slots.forEach((part, some) -> some.forEach(slot -> concerns(old, part, slot)));
  }

  private void concerns(OldMaster old, Subject.Part part, int slot) {
    if (old.slots.test(slot)) {
      of(part).oldMasters.add(old);
    }
  }

  Counter of(Subject.Part part) {
    return counters.computeIfAbsent(part, _ -> new Counter());
  }

  /** Whether Redis has kept all of every counter of a subject, by one clock each. */
  boolean isFaithful(Subject subject) {
    return subject.parts().stream().allMatch(part -> of(part).isFaithful());
  }

  Life newLife(long now, int lanes) {
    Life life = new Life(now, lanes);
    lives.add(life);
    return life;
  }
}
