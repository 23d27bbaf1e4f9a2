package io.tollgate.limiter.redis;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;

/**
 * A connection and a clock that a test works by hand: it decides which call is answered, and when.
 */
final class HandPort implements ScriptPort, Alarm {

  /** A call that is under way. */
  record Call(Script script, boolean asking, List<byte[]> keys, List<byte[]> items, Answer answer) {

    Call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
      this(script, false, keys, items, answer);
    }

    /** Each item is its own answer. */
    void answerAll() {
      answer.answered(items);
    }
  }

  private record Due(long at, long number, Runnable task) {}

  final ArrayDeque<Call> calls = new ArrayDeque<>();

  /** Every item in the order in which it was sent. */
  final List<Integer> sent = new ArrayList<>();

  private final PriorityQueue<Due> due =
      new PriorityQueue<>(
          (a, b) -> a.at != b.at ? Long.compare(a.at, b.at) : Long.compare(a.number, b.number));

  private final ArrayDeque<Runnable> soon = new ArrayDeque<>();
  private boolean inTurn;
  private long now;
  private long numbers;

  static Step step(Script script, int number) {
    byte[] item = ByteBuffer.allocate(4).putInt(number).array();
    return new Step(script, 0, List.of(item), item);
  }

  static int number(byte[] item) {
    return ByteBuffer.wrap(item).getInt();
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    calls.addLast(new Call(script, keys, items, answer));
    items.forEach(item -> sent.add(number(item)));
  }

  @Override
  public long nanoTime() {
    return now;
  }

  /** Where a test makes no turn, each call is one. */
  @Override
  public void soon(Runnable task) {
    if (inTurn) {
      soon.addLast(task);
    } else {
      task.run();
    }
  }

  /** One turn of the thread. */
  void turn(Runnable body) {
    inTurn = true;
    body.run();
    inTurn = false;
    while (!soon.isEmpty()) {
      soon.removeFirst().run();
    }
  }

  @Override
  public void after(long nanos, Runnable task) {
    due.add(new Due(now + nanos, numbers++, task));
  }

  /** Lets time pass; whatever is due happens in its turn. */
  void pass(long nanos) {
    long end = now + nanos;
    while (!due.isEmpty() && due.peek().at <= end) {
      Due next = due.remove();
      now = Math.max(now, next.at);
      turn(next.task);
    }
    now = end;
  }

  /** Lets time pass while nothing runs, as for a process that is stopped. */
  void stall(long nanos) {
    now += nanos;
  }

  int alarms() {
    return due.size();
  }
}
