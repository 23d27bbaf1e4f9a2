package io.tollgate.limiter.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Sends steps to Redis together: what arrives in one turn of the thread, and what arrives while
 * enough calls are under way, leaves with the next call.
 *
 * <p>Steps leave in the order in which they were submitted, so those of one key keep theirs. Nobody
 * waits for a timer while fewer calls are under way than may be. Every step gets exactly one answer
 * within its time limit, whatever happens to its call; a call that is late keeps its place among
 * those under way until its connection says what became of it, so that a Redis that hangs is not
 * given more.
 *
 * <p>Confined to one thread.
 */
public final class Batcher {

  /**
   * Bounds.
   *
   * @param batch the most steps of one call
   * @param calls the most calls under way
   * @param waiting the most steps that wait for a call
   * @param limitNanos how long a step may take, from its submission to its answer
   */
  public record Config(int batch, int calls, int waiting, long limitNanos) {

    /** Validates that every bound is at least 1. */
    public Config {
      if (batch < 1 || calls < 1 || waiting < 1 || limitNanos < 1) {
        throw new IllegalArgumentException(
            "batch "
                + batch
                + ", calls "
                + calls
                + ", waiting "
                + waiting
                + ", limit "
                + limitNanos
                + " ns: each must be at least 1");
      }
    }
  }

  /** Why a step has no answer of Redis. */
  public enum Fault {
    /** Too many wait; it was not sent. */
    FULL,
    /** It waited too long, and was not sent. */
    NOT_SENT,
    /** It was sent and not answered in time: it may be executed, or not. */
    TIMED_OUT,
    /** The connection broke, or Redis refused the call: it may be executed, or not. */
    FAILED
  }

  /** Who submitted a step; exactly one of the two is called, once. */
  public interface Listener {

    /** What the script said of the step. */
    void answered(byte[] answer);

    /** Redis has said nothing of it. */
    void failed(Fault fault, Throwable why);
  }

  /** What has happened since the start. */
  public record Stats(long calls, long steps, long full, long notSent, long timedOut, long late) {}

  private static final class Pending {

    final Step step;
    final Listener listener;
    final long deadline;

    /** Whether it came with little time left. */
    final boolean hurried;

    boolean told;

    Pending(Step step, Listener listener, long deadline, boolean hurried) {
      this.step = step;
      this.listener = listener;
      this.deadline = deadline;
      this.hurried = hurried;
    }

    boolean isLate(long now) {
      return !told && deadline - now <= 0;
    }
  }

  private final Config config;
  private final ScriptPort port;
  private final Alarm alarm;
  private final boolean oneSlot;
  private final Consumer<Throwable> distrust;
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();

  /** Every step that was sent and not told yet, the oldest first; the told ones leave later. */
  private final ArrayDeque<Pending> sent = new ArrayDeque<>();

  private int underWay;
  private boolean sending;
  private boolean sendsSoon;
  private boolean alarmed;
  private long alarmNanos;
  private long calls;
  private long steps;
  private long full;
  private long notSent;
  private long timedOut;
  private long late;

  /** A batcher over a link, which it distrusts when a step is late; thread and time are its. */
  public Batcher(Config config, Link link, Alarm alarm) {
    this(config, link, alarm, false, link::distrust);
  }

  /**
   * A batcher over a connection.
   *
   * @param oneSlot whether a call may touch the keys of one slot only, as in a Cluster
   * @param distrust told when a step was not answered though it had at least half of its limit: one
   *     that others have left less says nothing about who was asked
   */
  Batcher(
      Config config, ScriptPort port, Alarm alarm, boolean oneSlot, Consumer<Throwable> distrust) {
    this.config = config;
    this.port = port;
    this.alarm = alarm;
    this.oneSlot = oneSlot;
    this.distrust = distrust;
  }

  /** When a step that is submitted now will have been answered, on the alarm's clock. */
  public long deadline() {
    return alarm.nanoTime() + config.limitNanos;
  }

  /**
   * Sends a step when the thread has done what it is at, or with a later call.
   *
   * @param deadline what {@link #deadline} gives, or gave a while ago
   */
  public void submit(Step step, long deadline, Listener listener) {
    if (waiting.size() >= config.waiting) {
      full++;
      listener.failed(
          Fault.FULL, new Unanswered(config.waiting + " checks wait for Redis already"));
      return;
    }
    waiting.addLast(pending(step, listener, deadline));
    sendSoon();
    watch(deadline);
  }

  /**
   * Sends a step that follows from an answered one: before all that wait, and with what is left of
   * the time of the first.
   *
   * @param deadline of the first
   */
  public void submitNext(Step step, long deadline, Listener listener) {
    waiting.addFirst(pending(step, listener, deadline));
    sendSoon();
    watch(deadline);
  }

  private Pending pending(Step step, Listener listener, long deadline) {
    boolean hurried = deadline - alarm.nanoTime() < config.limitNanos / 2;
    return new Pending(step, listener, deadline, hurried);
  }

  private void sendSoon() {
    if (waiting.size() >= config.batch) {
      send();
    } else if (!sendsSoon && underWay < config.calls) {
      sendsSoon = true;
      alarm.soon(() -> {
        sendsSoon = false;
        send();
      });
    }
  }

  /** Callbacks may submit: they only join the queue, which the outermost call empties. */
  private void send() {
    if (sending) {
      return;
    }
    sending = true;
    try {
      while (underWay < config.calls && !waiting.isEmpty()) {
        sendOne();
      }
    } finally {
      sending = false;
    }
  }

  /** Steps that may share a call, as many as stand together at the head. */
  private void sendOne() {
    Step first = waiting.getFirst().step;
    List<Pending> batch = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>();
    List<byte[]> items = new ArrayList<>();
    while (batch.isEmpty() || isNext(first, batch.size())) {
      Pending next = waiting.removeFirst();
      batch.add(next);
      sent.addLast(next);
      keys.addAll(next.step.keys());
      items.add(next.step.item());
    }
    underWay++;
    calls++;
    steps += batch.size();
    if (first.asking()) {
      port.ask(first.script(), keys, items, answerTo(batch));
    } else {
      port.call(first.script(), keys, items, answerTo(batch));
    }
  }

  /** Whether the step at the head may join those of a call. */
  private boolean isNext(Step first, int size) {
    return size < config.batch
        && !waiting.isEmpty()
        && waiting.getFirst().step.goesWith(first, oneSlot);
  }

  private ScriptPort.Answer answerTo(List<Pending> batch) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        if (answers.size() != batch.size()) {
          failed(
              new Unanswered(answers.size() + " answers came to " + batch.size() + " questions"));
          return;
        }
        underWay--;
        for (int i = 0; i < batch.size(); i++) {
          Pending one = batch.get(i);
          if (isFirst(one)) {
            byte[] answer = answers.get(i);
            tell(() -> one.listener.answered(answer));
          }
        }
        forgetTold();
        send();
      }

      @Override
      public void failed(Throwable why) {
        underWay--;
        for (Pending one : batch) {
          if (isFirst(one)) {
            tell(() -> one.listener.failed(Fault.FAILED, why));
          }
        }
        forgetTold();
        send();
      }
    };
  }

  /** A fault of one listener is none of its neighbours'. */
  static void tell(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException fault) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    }
  }

  /** Whether a step has not been told anything yet; from now on it has. */
  private boolean isFirst(Pending one) {
    if (one.told) {
      late++;
      return false;
    }
    one.told = true;
    return true;
  }

  private void forgetTold() {
    while (!sent.isEmpty() && sent.getFirst().told) {
      sent.removeFirst();
    }
  }

  /** A step has come: it may have less time left than all before it. */
  private void watch(long deadline) {
    if (!alarmed || deadline - alarmNanos < 0) {
      watch();
    }
  }

  /** One alarm that counts, for the step that has the least time left. */
  private void watch() {
    if (sent.isEmpty() && waiting.isEmpty()) {
      return;
    }
    long now = alarm.nanoTime();
    long least = Long.MAX_VALUE;
    for (Pending one : sent) {
      least = one.told ? least : Math.min(least, one.deadline - now);
    }
    for (Pending one : waiting) {
      least = Math.min(least, one.deadline - now);
    }
    long after = Math.max(1, least);
    long at = now + after;
    alarmed = true;
    alarmNanos = at;
    alarm.after(
        after,
        () -> {
          if (alarmed && at == alarmNanos) {
            expire();
          }
        });
  }

  private void expire() {
    alarmed = false;
    long now = alarm.nanoTime();
    List<Pending> overdue = sent.stream().filter(one -> one.isLate(now)).toList();
    overdue.forEach(one -> one.told = true);
    forgetTold();
    timedOut += overdue.size();
    Unanswered late = new Unanswered("Redis has not answered in time");
    if (!overdue.stream().allMatch(one -> one.hurried)) {
      distrust.accept(late);
    }
    overdue.forEach(one -> tell(() -> one.listener.failed(Fault.TIMED_OUT, late)));
    List<Pending> unsent = waiting.stream().filter(one -> one.deadline - now <= 0).toList();
    unsent.forEach(one -> one.told = true);
    waiting.removeIf(one -> one.told);
    notSent += unsent.size();
    Unanswered busy = new Unanswered("Redis is busy with the checks before");
    unsent.forEach(one -> tell(() -> one.listener.failed(Fault.NOT_SENT, busy)));
    watch();
  }

  /** What has happened since the start. */
  public Stats stats() {
    return new Stats(calls, steps, full, notSent, timedOut, late);
  }
}
