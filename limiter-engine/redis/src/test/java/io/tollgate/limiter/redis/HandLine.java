package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A way to Redis that a test works by hand: who gets a connection, and what is said on it. */
final class HandLine implements Connector {

  /** A connection with every call that was made on it; it says nothing when it ends. */
  static final class Line implements Connection {

    final List<HandPort.Call> calls = new ArrayList<>();
    private final Listener listener;
    private final HandLine of;
    boolean closed;

    private Line(Listener listener, HandLine of) {
      this.listener = listener;
      this.of = of;
    }

    @Override
    public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
      add(new HandPort.Call(script, false, keys, items, answer));
    }

    @Override
    public void ask(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
      add(new HandPort.Call(script, true, keys, items, answer));
    }

    private void add(HandPort.Call call) {
      assertFalse(closed, "a call on a connection that was given up");
      calls.add(call);
      call.items().stream()
          .filter(item -> item.length == Integer.BYTES)
          .map(HandPort::number)
          .forEach(of.sent::add);
      if (of.answersAll) {
        of.alarm.soon(call::answerAll);
      }
    }

    @Override
    public void close() {
      closed = true;
    }

    /** The last call, and forgets it. */
    HandPort.Call last() {
      return calls.removeLast();
    }

    /** The other end ends it. */
    void end() {
      listener.closed();
    }
  }

  /** An attempt that was not told yet what became of it. */
  private final List<Listener> attempts = new ArrayList<>();

  final List<Line> lines = new ArrayList<>();
  final List<Long> attemptTimes = new ArrayList<>();

  /** The number of every call in the order in which it was sent; greetings have none. */
  final List<Integer> sent = new ArrayList<>();

  private final Alarm alarm;
  private boolean answersAll;

  HandLine(Alarm alarm) {
    this.alarm = alarm;
  }

  @Override
  public void connect(Listener listener) {
    attemptTimes.add(alarm.nanoTime());
    attempts.add(listener);
    if (answersAll) {
      alarm.soon(this::accept);
    }
  }

  /** From now on whoever asks is answered; who has asked before is not. */
  void answerAllFromNowOn() {
    answersAll = true;
    attempts.clear();
  }

  int attempts() {
    return attempts.size();
  }

  /** Gives the last attempt its connection. */
  Line accept() {
    return accept(attempts.size() - 1);
  }

  /** Gives an attempt its connection, which may be too late. */
  Line accept(int attempt) {
    Listener listener = attempts.remove(attempt);
    Line line = new Line(listener, this);
    lines.add(line);
    listener.connected(line);
    return line;
  }

  /** Refuses an attempt. */
  void refuse(int attempt) {
    attempts.remove(attempt).failed(new IllegalStateException("refused"));
  }

  void refuse() {
    refuse(attempts.size() - 1);
  }

  /** The connection that is in use; null when there is none. */
  @Nullable Line open() {
    List<Line> open = lines.stream().filter(line -> !line.closed).toList();
    if (open.size() > 1) {
      throw new AssertionError("two connections at once");
    }
    return open.isEmpty() ? null : open.getFirst();
  }
}
