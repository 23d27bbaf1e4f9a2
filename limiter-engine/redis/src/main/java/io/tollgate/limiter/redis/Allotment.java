package io.tollgate.limiter.redis;

import static java.util.Objects.requireNonNull;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.redis.Observer.Units;
import io.tollgate.limiter.store.CheckBuffer;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One counter of which a lane takes units ahead: what it has in hand, what it knows of the counter,
 * and the checks that wait while more is taken. Confined to one thread.
 */
final class Allotment {

  /** A second's worth at a busy server's rate. */
  private static final int MOST_WAITING = 32_768;

  /** The first take is for all, the second for what is left; then each asks for its own cost. */
  private static final int GENEROUS_TAKES = 2;

  private final Allotments all;
  private final CheckBuffer subject = new CheckBuffer();
  private final Parent parent;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  final Limit limit;

  private @Nullable Hand hand;
  private boolean taking;
  private boolean alarmed;
  private boolean retired;
  private long waitingUnits;

  /** How often was taken for the one who waits first. */
  private int takes;

  /** How often the counter was reset. */
  private int resets;

  private final Pace pace = new Pace();
  private long usedNanos;

  /** A check that waits for units. */
  private record Waiting(
      CheckBuffer check, int entry, long deadline, long askedNanos, Ahead.Taker taker) {

    long cost() {
      return check.cost(entry);
    }
  }

  /** What was spent of a hand for a check that may not pass in the end. */
  private final class Portion implements Ahead.Taken {

    private final Hand from;
    private final long units;

    Portion(Hand from, long units) {
      this.from = from;
      this.units = units;
    }

    @Override
    public void spend() {
      all.observer.ahead(Units.SPENT, units);
    }

    @Override
    public void putBack() {
      Allotment.this.putBack(from, units);
    }
  }

  /** Nothing in hand, of an entry's counter. */
  Allotment(Allotments all, CheckBuffer check, int entry) {
    this.all = all;
    this.limit = check.limit(entry);
    this.parent = new Parent(limit.kernel());
    subject.begin(check.realm());
    subject.copyEntry(check, entry);
  }

  /** Takes an entry's cost. */
  void take(CheckBuffer check, int entry, long deadline, Ahead.Taker taker) {
    long now = all.alarm.nanoTime();
    usedNanos = now;
    pace.check();
    Waiting one = new Waiting(check, entry, deadline, now, taker);
    boolean first = !taking && waiting.isEmpty();
    if (first && answers(one)) {
      return;
    }
    if (waiting.size() >= MOST_WAITING) {
      all.observer.failed(Batcher.Fault.FULL);
      taker.away();
      return;
    }
    waiting.addLast(one);
    waitingUnits += one.cost();
    if (first) {
      ask(false);
    } else if (deadline - waiting.getFirst().deadline < 0) {
      // Who has asked elsewhere before has less time left than who is waited for here.
      all.alarm.after(Math.max(0, deadline - now), () -> expire(one));
    }
  }

  /** Is not waited for any longer; the first is answered in time by the step that he waits for. */
  private void expire(Waiting one) {
    if (!one.equals(waiting.peekFirst()) && waiting.remove(one)) {
      waitingUnits -= one.cost();
      all.observer.failed(Batcher.Fault.NOT_SENT);
      one.taker.away();
    }
  }

  /** Answers out of what is in hand, or by what was heard a moment ago. */
  private boolean answers(Waiting one) {
    if (covers(one)) {
      grant(one, parent.microsAt(one.askedNanos));
      return true;
    }
    if (!all.remembers() || !parent.isCurrent(one.askedNanos, all.epoch())) {
      return false;
    }
    long micros = parent.microsAt(one.askedNanos);
    if (parent.admits(one.cost(), hand, micros)) {
      return false;
    }
    if (one.check.size() == 1) {
      all.observer.cached();
    }
    deny(one, micros);
    return true;
  }

  private boolean covers(Waiting one) {
    Hand held = hand;
    return held != null && held.covers(one.cost(), one.askedNanos);
  }

  private void grant(Waiting one, long micros) {
    Hand from = requireNonNull(hand);
    from.units -= one.cost();
    parent.report(one.check, one.entry, true, from, micros);
    one.taker.granted(new Portion(from, one.cost()));
  }

  private void deny(Waiting one, long micros) {
    parent.report(one.check, one.entry, false, hand, micros);
    if (limit.shadow()) {
      one.taker.granted(Ahead.Taken.NOTHING);
    } else {
      one.taker.denied();
    }
  }

  /** Asks for the one who waits first; what is in hand goes back before, where he needs both. */
  private void ask(boolean follows) {
    taking = true;
    Hand held = hand;
    long cost = waiting.getFirst().cost();
    long left = parent.remainingAt(all.alarm.nanoTime());
    if (held != null && held.units > 0 && left < cost) {
      hand = null;
      giveBack(held, held.units, waiting.getFirst().deadline, () -> request(true));
    } else {
      request(follows);
    }
  }

  private void request(boolean follows) {
    if (!all.redis.isUp()) {
      fail();
      return;
    }
    long now = all.alarm.nanoTime();
    long units = amount(now);
    long epoch = all.epoch();
    int before = resets;
    CheckBuffer question = question(units);
    all.begun();
    all.redis.check(
        question,
        waiting.getFirst().deadline,
        follows,
        new Asking.Told() {
          @Override
          public void answered(CheckBuffer said) {
            if (said.degraded()) {
              failed(true);
              return;
            }
            taking = false;
            takes++;
            parent.hear(said, now, epoch);
            if (said.admitted(0)) {
              hold(Hand.of(limit, units, said, now, before));
            }
            serve(said.nowMicros());
            settle();
            all.ended();
          }

          @Override
          public void failed(boolean unknown) {
            if (unknown) {
              all.observer.ahead(Units.TAKEN, units);
              all.observer.ahead(Units.LOST, units);
            }
            fail();
            all.ended();
          }
        });
  }

  private CheckBuffer question(long units) {
    CheckBuffer question = new CheckBuffer();
    question.begin(subject.realm());
    question.copyEntry(subject, 0, units);
    return question;
  }

  /** What to take: what is waited for, and ahead as much as the limit's rest bears. */
  private long amount(long now) {
    long cost = waiting.getFirst().cost();
    if (takes >= GENEROUS_TAKES) {
      return cost;
    }
    if (takes == 0) {
      pace.take(now, Hand.lifeNanos(limit, limit.mostInHand(all.holders())));
    }
    long left = parent.remainingAt(now);
    long ahead = pace.isBusy() && !retired ? left / (2L * all.holders()) : 0;
    long wanted = Math.min(limit.allotment(), Math.max(waitingUnits, ahead));
    return Math.max(cost, Math.min(wanted, left));
  }

  /** Takes what an answer has charged in hand; what is left of an earlier take goes back. */
  private void hold(Hand held) {
    all.observer.ahead(Units.TAKEN, held.units);
    Hand before = hand;
    hand = held;
    if (before != null && before.units > 0) {
      drop(before, before.units);
    }
  }

  /** Answers who waits, in order, as far as an answer reaches. */
  private void serve(long micros) {
    while (!taking && !waiting.isEmpty()) {
      Waiting first = waiting.getFirst();
      if (covers(first)) {
        Waiting next = next();
        Batcher.tell(() -> grant(next, micros));
      } else if (!parent.admits(first.cost(), hand, micros)) {
        Waiting next = next();
        Batcher.tell(() -> deny(next, micros));
      } else {
        ask(true);
      }
    }
  }

  private Waiting next() {
    takes = 0;
    Waiting next = waiting.removeFirst();
    waitingUnits -= next.cost();
    return next;
  }

  /** Without Redis: what is in hand is spent, all else is not decided here. */
  private void fail() {
    List<Waiting> some = List.copyOf(waiting);
    waiting.clear();
    waitingUnits = 0;
    takes = 0;
    taking = false;
    for (Waiting one : some) {
      if (covers(one)) {
        Batcher.tell(() -> grant(one, parent.microsAt(one.askedNanos)));
      } else {
        Batcher.tell(one.taker::away);
      }
    }
    settle();
  }

  private void putBack(Hand from, long units) {
    from.units += units;
    if (from == hand) {
      settle();
    } else {
      drop(from, units);
    }
  }

  /** Gives back what may not stay in hand, and sees to the rest when it is time. */
  private void settle() {
    Hand held = hand;
    if (held == null || held.units == 0) {
      return;
    }
    long now = all.alarm.nanoTime();
    if (retired || held.resets != resets || now - held.dueNanos >= 0) {
      hand = null;
      drop(held, held.units);
      return;
    }
    long most = limit.mostInHand(all.holders());
    if (held.units > most) {
      drop(held, held.units - most);
    }
    if (!alarmed) {
      alarmed = true;
      all.alarm.after(
          held.dueNanos - now,
          () -> {
            alarmed = false;
            settle();
          });
    }
  }

  private void drop(Hand from, long units) {
    if (from.resets == resets) {
      giveBack(from, units, all.redis.deadline(), () -> {});
    } else {
      from.units -= units;
      all.observer.ahead(Units.LOST, units);
    }
  }

  private void giveBack(Hand from, long units, long deadline, Runnable then) {
    from.units -= units;
    parent.outdate();
    long now = all.alarm.nanoTime();
    long epoch = all.epoch();
    int before = resets;
    all.begun();
    all.redis.giveBack(
        question(units),
        new long[] {from.mark},
        deadline,
        new Asking.Told() {
          @Override
          public void answered(CheckBuffer said) {
            if (said.degraded()) {
              failed(true);
              return;
            }
            all.observer.ahead(Units.RETURNED, units);
            if (before == resets) {
              parent.hear(said, now, epoch);
            }
            end();
          }

          @Override
          public void failed(boolean unknown) {
            all.observer.ahead(Units.LOST, units);
            end();
          }

          private void end() {
            then.run();
            all.ended();
          }
        });
  }

  /** Gives back what is in hand, now and whenever more comes: nobody asks here any more. */
  void retire() {
    retired = true;
    settle();
  }

  /** The counter is being reset: what was charged before is not in it any more. */
  void forget() {
    resets++;
    parent.outdate();
    settle();
  }

  /** Whether nothing is in hand, on its way or waited for. */
  boolean isIdle() {
    Hand held = hand;
    return !taking && waiting.isEmpty() && (held == null || held.units == 0);
  }

  /** When it was asked last, on the lane's clock. */
  long usedNanos() {
    return usedNanos;
  }
}
