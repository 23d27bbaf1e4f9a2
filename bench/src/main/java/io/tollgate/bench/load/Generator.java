package io.tollgate.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Our own generator: one thread that spins over a selector, for a fixed rate and for asking each
 * identifier once. Not safe for several threads.
 */
final class Generator implements AutoCloseable {

  /** What a hung server may cost beyond the time that was planned. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** A latency above this is recorded as this: longer than any run of a fixed rate waits. */
  private static final long MOST_NANOS = Duration.ofMinutes(2).toNanos();

  /** Digits of a recorded latency. */
  private static final int DIGITS = 3;

  private final Selector selector;
  private final List<Line> lines = new ArrayList<>();
  private final Tally tally = new Tally();

  /** Opens so many connections. */
  Generator(int port, Question question, int connections) throws IOException {
    this.selector = Selector.open();
    try {
      for (int i = 0; i < connections; i++) {
        lines.add(new Line(port, question, selector));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * What a fixed rate has shown.
   *
   * @param latency nanoseconds from the intended sending to the answer
   * @param late nanoseconds from the intended to the real sending: waiting for a free connection,
   *     and this generator's own slowness
   */
  record Paced(Histogram latency, Histogram late) {}

  /** All answers so far. */
  Tally tally() {
    return tally;
  }

  /**
   * Sends at a fixed rate, one question at a time on each connection. When all of them wait for an
   * answer the questions that are due wait too, and their time counts.
   *
   * @param order identifiers, repeated from the start when they run out
   * @param total how many questions
   * @throws IOException when the server closes a connection or does not answer in time
   */
  Paced fixedRate(int[] order, int perSecond, long total) throws IOException {
    Paced paced = new Paced(histogram(), histogram());
    Schedule schedule = new Schedule(System.nanoTime(), perSecond);
    long before = tally.answered();
    long deadline = schedule.intended(total) + GRACE.toNanos();
    ArrayDeque<Line> free = new ArrayDeque<>(lines);
    long sent = 0;
    while (tally.answered() - before < total) {
      long now = System.nanoTime();
      checkTime(now, deadline);
      while (sent < total && !free.isEmpty() && schedule.due(sent, now)) {
        Line line = free.removeFirst();
        line.add(order[(int) (sent % order.length)]);
        line.number(sent);
        line.send();
        record(paced.late, schedule.waited(sent, now));
        sent++;
        now = System.nanoTime();
      }
      selector.selectNow(key -> {
        Line line = received(key);
        if (line.waiting() == 0) {
          record(paced.latency, schedule.waited(line.number(), System.nanoTime()));
          free.addLast(line);
        }
      });
    }
    return paced;
  }

  /**
   * Asks as fast as it is answered, and waits for the last answers. What is under way together on a
   * connection is sent together, when all before it is answered.
   *
   * @param order identifiers, repeated from the start when they run out
   * @param depth questions on their way at once on each connection, at most {@link Line#MOST_DEPTH}
   * @throws IOException when the server closes a connection or does not answer in time
   */
  Timed closed(int[] order, int depth, Duration time) throws IOException {
    Histogram latency = histogram();
    long before = tally.answered();
    long failedBefore = tally.failed();
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    Endless endless = new Endless(order, depth);
    for (Line line : lines) {
      endless.next(line);
    }
    while (endless.sent > tally.answered() - before) {
      checkTime(System.nanoTime(), end + GRACE.toNanos());
      selector.select(
          key -> {
            Line line = (Line) key.attachment();
            int found = received(line);
            long now = System.nanoTime();
            latency.recordValueWithCount(Math.min(now - line.number(), MOST_NANOS), found);
            if (line.waiting() == 0 && now - end < 0) {
              endless.next(line);
            }
          },
          100);
    }
    double seconds = (double) (System.nanoTime() - begin) / Schedule.NANOS_PER_SECOND;
    long errors = tally.failed() - failedBefore;
    return new Timed(new Closed(tally.answered() - before, seconds, errors), latency);
  }

  /** An order that begins again, and when questions left. */
  private static final class Endless {
    private final int[] order;
    private final int depth;
    private long sent;
    private int at;

    Endless(int[] order, int depth) {
      this.order = order;
      this.depth = depth;
    }

    void next(Line line) {
      for (int i = 0; i < depth; i++) {
        line.add(order[at]);
        at = at + 1 == order.length ? 0 : at + 1;
      }
      sent += depth;
      line.number(System.nanoTime());
      sendAll(line);
    }
  }

  private static void sendAll(Line line) {
    try {
      line.send();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Asks for each identifier from 0 on once.
   *
   * @param depth questions on their way at once on each connection, at most {@link Line#MOST_DEPTH}
   * @throws IOException when the server closes a connection or does not answer in time
   */
  void sweep(int identifiers, int depth, Duration most) throws IOException {
    long deadline = System.nanoTime() + most.toNanos();
    long before = tally.answered();
    Sweep sweep = new Sweep(identifiers, depth);
    for (Line line : lines) {
      sweep.next(line);
    }
    while (tally.answered() - before < identifiers) {
      checkTime(System.nanoTime(), deadline);
      // Woken by every answer; the time-out only lets the deadline be looked at.
      selector.select(
          key -> {
            Line line = received(key);
            if (line.waiting() == 0) {
              sweep.next(line);
            }
          },
          100);
    }
  }

  /** Which identifiers have been asked for. */
  private static final class Sweep {
    private final int identifiers;
    private final int depth;
    private int next;

    Sweep(int identifiers, int depth) {
      this.identifiers = identifiers;
      this.depth = depth;
    }

    void next(Line line) {
      if (next == identifiers) {
        return;
      }
      for (int i = 0; i < depth && next < identifiers; i++) {
        line.add(next++);
      }
      sendAll(line);
    }
  }

  private Line received(SelectionKey key) {
    Line line = (Line) key.attachment();
    var _ = received(line);
    return line;
  }

  private int received(Line line) {
    try {
      return line.receive(tally);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void checkTime(long now, long deadline) throws IOException {
    if (now - deadline > 0) {
      throw new IOException("out of time after " + tally.answered() + " answers");
    }
  }

  private static Histogram histogram() {
    return new Histogram(1_000, MOST_NANOS, DIGITS);
  }

  private static void record(Histogram histogram, long nanos) {
    histogram.recordValue(Math.min(nanos, MOST_NANOS));
  }

  @Override
  public void close() throws IOException {
    for (Line line : lines) {
      line.close();
    }
    selector.close();
  }
}
