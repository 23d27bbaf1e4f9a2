package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.Connector.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One loop's way to Redis, with its circuit breaker.
 *
 * <p>While it is up, calls pass. The first one that breaks or is late takes it down: from then on
 * whoever asks {@link #isUp} is told at once to do without. Down, it greets Redis until Redis
 * answers: first on the connection that there is, for it may only have been slow, then on new ones,
 * since a hung server or a changed master is not left otherwise. Attempts come apart by a pause
 * that doubles up to a bound, and that ends when a call is answered again.
 *
 * <p>A call is sent once or not at all. Confined to one thread, but for what says how it is.
 */
public final class Link implements ScriptPort {

  /**
   * Bounds of time.
   *
   * @param greetingNanos how long Redis may take to answer a greeting
   * @param connectNanos how long a connection may take
   * @param leastPauseNanos between two attempts
   * @param mostPauseNanos between two attempts, but for the chance that spreads instances
   */
  public record Config(
      long greetingNanos, long connectNanos, long leastPauseNanos, long mostPauseNanos) {}

  /** What is asked first on each connection, and to see whether Redis answers. */
  @FunctionalInterface
  public interface Greeting {

    /** What became of it. */
    interface Said {

      /** Redis has answered. */
      void well();

      /** It refused, or cannot be used as it is. */
      void wrong(Throwable why);

      /** Runs a task whatever was said. */
      static Said either(Runnable task) {
        return new Said() {
          @Override
          public void well() {
            task.run();
          }

          @Override
          public void wrong(Throwable why) {
            task.run();
          }
        };
      }
    }

    /** Asks by this port; one of the two is called, once. */
    void greet(ScriptPort by, Said said);

    /** Whether a call that was refused in such words says nothing against the server. */
    default boolean isHarmless(Throwable refusal) {
      return false;
    }
  }

  /** Who is told how it fares; called on its thread, and must not block. */
  public interface Watcher {

    /**
     * A call of a script was answered.
     *
     * @param steps how many steps it had; 0 of one that is no check
     * @param nanos from its sending to its answer
     */
    void answered(int steps, long nanos);

    /**
     * Whether Redis can be used from now on.
     *
     * @param why what is wrong; empty when it can
     */
    void up(boolean can, String why);
  }

  private final Config config;
  private final Connector connector;
  private final Greeting greeting;
  private final Alarm alarm;
  private final RandomGenerator random;
  private final Watcher watcher;
  private final ArrayDeque<Call> underWay = new ArrayDeque<>();

  private @Nullable Connection connection;
  private final CountDownLatch firstAttempt = new CountDownLatch(1);
  private volatile boolean up;
  private int ups;
  private boolean closed;
  private long pauseNanos;

  /** Whether an attempt is to begin, and after which pause. */
  private boolean planned;

  private long plannedNanos;

  /** Counts attempts: what an earlier one still says is not heard. */
  private long attempt;

  private volatile String why = "not connected yet";

  /** A link that does nothing before {@link #start}. */
  public Link(
      Config config,
      Connector connector,
      Greeting greeting,
      Alarm alarm,
      RandomGenerator random,
      Watcher watcher) {
    this.config = config;
    this.connector = connector;
    this.greeting = greeting;
    this.alarm = alarm;
    this.random = random;
    this.watcher = watcher;
  }

  /** Connects, and from now on by itself whenever there is no connection. */
  public void start() {
    connect();
  }

  /** Whether calls make sense now. */
  public boolean isUp() {
    return up;
  }

  /** Whether it has neither come up nor failed yet. */
  boolean isNew() {
    return firstAttempt.getCount() > 0;
  }

  /** Waits until it is up, or an attempt has failed; for other threads. */
  void awaitFirstAttempt(long nanos) {
    try {
      var _ = firstAttempt.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How often it has come up: each time Redis may know less than before. */
  int ups() {
    return ups;
  }

  /** What is wrong while it is not up. */
  public String why() {
    return why;
  }

  /** A call on its way: it fails with the connection, whatever that says or does not say. */
  private final class Call implements Answer {

    private final Answer answer;
    private final int steps;
    private final long sentNanos = alarm.nanoTime();
    private boolean told;

    Call(Answer answer, int steps) {
      this.answer = answer;
      this.steps = steps;
    }

    @Override
    public void answered(List<byte[]> answers) {
      if (isFirst()) {
        pauseNanos = up ? 0 : pauseNanos;
        watcher.answered(steps, alarm.nanoTime() - sentNanos);
        answer.answered(answers);
      }
    }

    @Override
    public void failed(Throwable reason) {
      if (isFirst()) {
        if (!greeting.isHarmless(reason)) {
          distrust(reason);
        }
        answer.failed(reason);
      }
    }

    private boolean isFirst() {
      boolean first = !told;
      told = true;
      while (!underWay.isEmpty() && underWay.getFirst().told) {
        underWay.removeFirst();
      }
      return first;
    }
  }

  @Override
  public void call(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    Connection open = connection;
    if (open == null) {
      answer.failed(new Unanswered("there is no connection to Redis: " + why));
    } else {
      open.call(script, keys, items, begun(script, items, answer));
    }
  }

  @Override
  public void ask(Script script, List<byte[]> keys, List<byte[]> items, Answer answer) {
    Connection open = connection;
    if (open == null) {
      answer.failed(new Unanswered("there is no connection to Redis: " + why));
    } else {
      open.ask(script, keys, items, begun(script, items, answer));
    }
  }

  private Call begun(Script script, List<byte[]> items, Answer answer) {
    Call call = new Call(answer, script.hasSteps() ? items.size() : 0);
    underWay.addLast(call);
    return call;
  }

  /** Takes the link down until Redis has answered a greeting: a call was late, or has failed. */
  public void distrust(Throwable reason) {
    if (!up) {
      return;
    }
    down(reason);
    inAWhile(() -> {
      Connection open = connection;
      if (open != null) {
        greet(open);
      }
    });
  }

  /** Leaves a server that answers, but is not the one to write to. */
  public void leave(Throwable reason) {
    if (connection != null) {
      drop(reason);
    }
  }

  private void down(Throwable reason) {
    why = words(reason);
    if (up) {
      up = false;
      if (!closed) {
        watcher.up(false, why);
      }
    }
  }

  private static String words(Throwable reason) {
    String message = reason.getMessage();
    return message == null ? reason.getClass().getSimpleName() : message;
  }

  /**
   * At once the first time, then after a pause that doubles. A call may fail just before its
   * connection does: what is planned then takes the place, and the pause, of what was.
   */
  private void inAWhile(Runnable begin) {
    if (!planned) {
      planned = true;
      plannedNanos = pauseNanos;
      pauseNanos = Math.clamp(2 * pauseNanos, config.leastPauseNanos, config.mostPauseNanos);
    }
    long now = ++attempt;
    Runnable task =
        () -> {
          if (now == attempt) {
            planned = false;
            begin.run();
          }
        };
    if (plannedNanos == 0) {
      alarm.soon(task);
    } else {
      alarm.after(plannedNanos + random.nextLong(plannedNanos), task);
    }
  }

  private void connect() {
    long now = ++attempt;
    alarm.after(
        config.connectNanos,
        () -> {
          if (now == attempt && connection == null) {
            drop(new Unanswered("Redis does not accept a connection"));
          }
        });
    connector.connect(
        new Connector.Listener() {
          private @Nullable Connection mine;

          @Override
          public void connected(Connection made) {
            if (closed || now != attempt) {
              made.close();
              return;
            }
            mine = made;
            connection = made;
            greet(made);
          }

          @Override
          public void failed(Throwable reason) {
            if (now == attempt) {
              drop(reason);
            }
          }

          @Override
          @SuppressWarnings("ReferenceEquality") // the very one
          public void closed() {
            if (mine != null && mine == connection) {
              drop(new Unanswered("the connection was closed"));
            }
          }
        });
  }

  private void greet(Connection by) {
    long now = ++attempt;
    alarm.after(
        config.greetingNanos,
        () -> {
          if (now == attempt && !up) {
            drop(new Unanswered("Redis does not answer"));
          }
        });
    greeting.greet(
        by,
        new Greeting.Said() {
          @Override
          public void well() {
            if (now == attempt && !up && !closed) {
              attempt++;
              why = "";
              ups++;
              up = true;
              firstAttempt.countDown();
              watcher.up(true, "");
            }
          }

          @Override
          public void wrong(Throwable reason) {
            if (now == attempt && !up) {
              drop(reason);
            }
          }
        });
  }

  /** Gives the connection up with all that is under way on it, and makes another one later. */
  private void drop(Throwable reason) {
    attempt++;
    down(reason);
    firstAttempt.countDown();
    Connection old = connection;
    connection = null;
    if (old != null) {
      old.close();
    }
    List<Call> lost = new ArrayList<>(underWay);
    if (!closed) {
      inAWhile(this::connect);
    }
    lost.forEach(call -> call.failed(reason));
  }

  /** Ends it for good. */
  public void close() {
    closed = true;
    drop(new Unanswered("the server is stopping"));
  }
}
