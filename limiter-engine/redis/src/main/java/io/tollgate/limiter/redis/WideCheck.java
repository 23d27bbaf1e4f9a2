package io.tollgate.limiter.redis;

import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.redis.Ahead.Taken;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store.Listener;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One check whose limits are not all of one owner: what is wider is taken first, then the rest is
 * asked in one step, and when that denies, what was taken goes back.
 *
 * <p>Where a part that is taken first denies, nothing is charged, and the rest is asked only what
 * it would say: the answer lists every limit. Where everything is taken ahead nobody is asked.
 * Confined to one thread.
 */
final class WideCheck implements Ahead.Taker {

  private final Ahead ahead;
  private final Asking redis;
  private final CheckBuffer check;
  private final int[][] parts;
  private final Listener listener;
  private final Listener deniedAhead;
  private final long deadline;
  private final @Nullable Taken[] taken;

  /** The part that is being taken. */
  private int at;

  private boolean ended;
  private boolean waits;
  private boolean looping;

  /** Whether some time has passed since the check arrived. */
  private boolean later;

  /**
   * A check that is about to be asked.
   *
   * @param parts at least one
   * @param listener told, unless {@code deniedAhead} is
   * @param deniedAhead told of a denial by a part: what denied it may have been known before
   */
  WideCheck(
      Ahead ahead,
      Asking redis,
      CheckBuffer check,
      int[][] parts,
      Listener listener,
      Listener deniedAhead) {
    this.ahead = ahead;
    this.redis = redis;
    this.check = check;
    this.parts = parts;
    this.listener = listener;
    this.deniedAhead = deniedAhead;
    this.deadline = redis.deadline();
    this.taken = new Taken[parts.length];
  }

  /** Begins; a question that may be a repeated one is looked up first. */
  void begin() {
    LimitKey once = check.answersOnce();
    if (once == null) {
      takeParts();
    } else {
      lookUp(once, entriesAfter(parts.length));
    }
  }

  /**
   * Asks the rest only what it has answered before: if it has, nothing is taken of the others.
   * There is a rest, since nothing of such a question is taken ahead.
   */
  private void lookUp(LimitKey once, int[] rest) {
    CheckBuffer part = part(check, rest);
    part.explainOnly();
    part.answerOnce(once);
    redis.check(
        part,
        deadline,
        false,
        new Asking.Told() {
          @Override
          public void answered(CheckBuffer said) {
            if (said.repeated()) {
              check.become(said);
              listener.decided(check);
            } else {
              later = true;
              takeParts();
            }
          }

          @Override
          public void failed(boolean unknown) {
            away();
          }
        });
  }

  /** Takes part by part; a loop, since each may be there at once, and there may be a thousand. */
  private void takeParts() {
    if (looping) {
      return;
    }
    looping = true;
    while (!ended && !waits && at < parts.length) {
      waits = true;
      ahead.take(check, parts[at], deadline, this);
    }
    looping = false;
    if (!ended && !waits) {
      ended = true;
      askRest();
    }
  }

  @Override
  public void granted(Taken units) {
    taken[at] = units;
    at++;
    waits = false;
    later |= !looping;
    takeParts();
  }

  @Override
  public void denied() {
    later |= !looping;
    ended = true;
    putBack();
    int[] rest = entriesAfter(at + 1);
    if (rest.length == 0) {
      check.deny();
      deniedAhead.decided(check);
      return;
    }
    CheckBuffer part = part(check, rest);
    part.explainOnly();
    redis.decide(
        part,
        deadline,
        later,
        answered -> {
          merge(check, answered, rest);
          check.deny();
          deniedAhead.decided(check);
        });
  }

  @Override
  public void away() {
    ended = true;
    putBack();
    redis.decideAlone(check, listener);
  }

  private void askRest() {
    int[] rest = entriesAfter(parts.length);
    if (rest.length == 0) {
      spend();
      check.answer(check.nowMicros(), true);
      listener.decided(check);
      return;
    }
    CheckBuffer part = part(check, rest);
    LimitKey once = check.answersOnce();
    if (once != null) {
      part.answerOnce(once);
    }
    redis.decide(
        part,
        deadline,
        later,
        answered -> {
          if (answered.repeated()) {
            putBack();
            check.become(answered);
            listener.decided(check);
            return;
          }
          if (answered.allowed()) {
            spend();
          } else {
            putBack();
          }
          merge(check, answered, rest);
          listener.decided(check);
        });
  }

  private int[] entriesAfter(int count) {
    return allBut(check, parts, count);
  }

  /** The entries that are in none of the first parts. */
  static int[] allBut(CheckBuffer check, int[][] parts, int count) {
    boolean[] known = new boolean[check.size()];
    for (int i = 0; i < count; i++) {
      for (int entry : parts[i]) {
        known[entry] = true;
      }
    }
    int[] rest = new int[check.size()];
    int size = 0;
    for (int entry = 0; entry < rest.length; entry++) {
      if (!known[entry]) {
        rest[size++] = entry;
      }
    }
    return Arrays.copyOf(rest, size);
  }

  /** A question over some entries, without the key of a repeated one. */
  static CheckBuffer part(CheckBuffer check, int[] entries) {
    CheckBuffer part = new CheckBuffer();
    part.begin(check.realm());
    if (check.explainsOnly()) {
      part.explainOnly();
    }
    for (int entry : entries) {
      part.copyEntry(check, entry);
    }
    return part;
  }

  /** Answers for some entries as a part was answered. */
  static void merge(CheckBuffer check, CheckBuffer part, int[] entries) {
    check.answerAs(part);
    for (int i = 0; i < entries.length; i++) {
      check.answerAs(entries[i], part, i);
    }
  }

  private void spend() {
    for (Taken units : taken) {
      if (units != null) {
        units.spend();
      }
    }
  }

  private void putBack() {
    for (Taken units : taken) {
      if (units != null) {
        units.putBack();
      }
    }
  }
}
