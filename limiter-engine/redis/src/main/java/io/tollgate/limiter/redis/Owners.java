package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Kernel;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a check is not one step with the rest of it: units that are taken ahead, and in a Cluster
 * the counters of slots other than that of the first one. Confined to one thread.
 */
final class Owners implements Ahead {

  private final Allotments allotments;
  private final Asking redis;
  private final StepCodec codec;

  /** A check's owners, where steps may touch one slot only. */
  Owners(Allotments allotments, Asking redis, StepCodec codec) {
    this.allotments = allotments;
    this.redis = redis;
    this.codec = codec;
  }

  /**
   * The entries of each slot of a question, those of one slot last.
   *
   * @param some which entries; the others are left out
   * @param home the slot that comes last, with no entries where it has none
   */
  static List<int[]> bySlot(StepCodec codec, CheckBuffer question, int[] some, int home) {
    Map<Integer, List<Integer>> slots = new LinkedHashMap<>();
    for (int entry : some) {
      int slot = codec.slot(question, entry, -1);
      slots.computeIfAbsent(slot, _ -> new ArrayList<>()).add(entry);
    }
    List<Integer> last = slots.remove(home);
    List<int[]> parts = new ArrayList<>();
    slots.values().forEach(entries -> parts.add(array(entries)));
    parts.add(last == null ? new int[0] : array(last));
    return parts;
  }

  private static int[] array(List<Integer> entries) {
    return entries.stream().mapToInt(Integer::intValue).toArray();
  }

  @Override
  public int[][] parts(CheckBuffer check) {
    int[][] ahead = allotments.parts(check);
    if (ahead.length == 0 && isOneSlot(check)) {
      return ahead;
    }
    int[] rest = WideCheck.allBut(check, ahead, ahead.length);
    if (rest.length == 0) {
      return ahead;
    }
    List<int[]> slots = bySlot(codec, check, rest, codec.slot(check, rest[0], -1));
    int[][] parts = Arrays.copyOf(ahead, ahead.length + slots.size() - 1);
    for (int i = 0; i < slots.size() - 1; i++) {
      parts[ahead.length + i] = slots.get(i);
    }
    return parts;
  }

  /** Nearly every check has one owner, which needs no hash to see. */
  private static boolean isOneSlot(CheckBuffer check) {
    for (int i = 1; i < check.size(); i++) {
      if (!check.owner(i).equals(check.owner(0))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void take(CheckBuffer check, int[] part, long deadline, Taker taker) {
    if (allotments.takes(check, part[0])) {
      allotments.take(check, part, deadline, taker);
      return;
    }
    CheckBuffer question = WideCheck.part(check, part);
    redis.check(
        question,
        deadline,
        false,
        new Asking.Told() {
          @Override
          public void answered(CheckBuffer said) {
            WideCheck.merge(check, said, part);
            if (said.degraded()) {
              taker.away();
            } else if (said.allowed()) {
              taker.granted(taken(said));
            } else {
              taker.denied();
            }
          }

          @Override
          public void failed(boolean unknown) {
            taker.away();
          }
        });
  }

  /** What a step has charged, with what tells the store which charge it was. */
  private Taken taken(CheckBuffer said) {
    CheckBuffer charged = new CheckBuffer();
    charged.begin(said.realm());
    long[] marks = new long[said.size()];
    for (int i = 0; i < said.size(); i++) {
      if (said.admitted(i) && said.cost(i) > 0 && !said.explainsOnly()) {
        Kernel kernel = said.limit(i).kernel();
        marks[charged.size()] = kernel.mark(said.state(i), said.time(i));
        charged.copyEntry(said, i);
      }
    }
    return charged.size() == 0 ? Taken.NOTHING : new Charged(charged, marks);
  }

  private final class Charged implements Taken {

    private final CheckBuffer charged;
    private final long[] marks;

    Charged(CheckBuffer charged, long[] marks) {
      this.charged = charged;
      this.marks = marks;
    }

    @Override
    public void spend() {
      // It is spent.
    }

    /** Once: if Redis does not hear of it, the units stay spent. */
    @Override
    public void putBack() {
      redis.giveBack(
          charged,
          marks,
          redis.deadline(),
          new Asking.Told() {
            @Override
            public void answered(CheckBuffer question) {
              // Nobody waits for it.
            }

            @Override
            public void failed(boolean unknown) {
              // Counted as every step that has failed.
            }
          });
    }
  }
}
