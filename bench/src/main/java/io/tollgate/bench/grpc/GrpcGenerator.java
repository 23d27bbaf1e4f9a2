package io.tollgate.bench.grpc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks over gRPC as fast as it is answered: one thread, connections without TLS, so many questions
 * under way on each. Not safe for several threads.
 *
 * <p>It sleeps while it waits for answers, so its processor time is what asking costs.
 */
public final class GrpcGenerator implements AutoCloseable {

  /** The most questions under way on a connection: what our server reads of a stream. */
  public static final int MOST_DEPTH = StreamExchange.MOST_DEPTH;

  /** What a hung server may cost beyond the time that was planned. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  /** Woken by every answer; the time-out only lets the time be looked at. */
  private static final int PAUSE_MILLIS = 100;

  private final Selector selector;
  private final List<Connection> connections = new ArrayList<>();
  private final Answers answers = new Answers();

  /**
   * Opens connections to 127.0.0.1.
   *
   * @param depth questions under way on each, 1 to {@link #MOST_DEPTH}; of a stream they are
   *     messages
   * @param careful whether units that are left are looked at too, which takes time
   * @throws IOException when the server does not speak HTTP/2, or takes fewer at once
   */
  public GrpcGenerator(int port, Call call, int connections, int depth, boolean careful)
      throws IOException {
    if (depth < 1 || depth > MOST_DEPTH) {
      throw new IllegalArgumentException(depth + " under way; it is 1 to " + MOST_DEPTH);
    }
    this.selector = Selector.open();
    try {
      for (int i = 0; i < connections; i++) {
        this.connections.add(new Connection(port, call, depth, careful, answers, selector));
      }
      long deadline = System.nanoTime() + GRACE.toNanos();
      while (!this.connections.stream().allMatch(Connection::isReady)) {
        turn(Questions.once(new int[0]), deadline);
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** All answers so far. */
  public Answers answers() {
    return answers;
  }

  /**
   * Asks for identifiers in an order, again and again, and waits for the last answers.
   *
   * @return nanoseconds until the last answer
   * @throws IOException when the server ends a connection or does not answer in time
   */
  public long ask(int[] order, Duration time) throws IOException {
    long begin = System.nanoTime();
    ask(Questions.endless(order), begin + time.toNanos());
    return System.nanoTime() - begin;
  }

  /**
   * Asks for each identifier of an order once.
   *
   * @throws IOException when the server ends a connection or does not answer in time
   */
  public void askOnce(int[] order, Duration most) throws IOException {
    ask(Questions.once(order), System.nanoTime() + most.toNanos());
  }

  private void ask(Questions questions, long end) throws IOException {
    long before = answers.answered();
    long deadline = end + GRACE.toNanos();
    for (Connection connection : connections) {
      connection.ask(questions, System.nanoTime());
      connection.send();
    }
    while (questions.hasNext() || answers.answered() - before < questions.asked()) {
      turn(questions, deadline);
      if (System.nanoTime() - end > 0) {
        questions.end();
      }
    }
    if (questions.asked() == 0) {
      throw new IOException("nothing was asked");
    }
  }

  /** Reads what has arrived, and asks anew in its place. */
  private void turn(Questions questions, long deadline) throws IOException {
    if (System.nanoTime() - deadline > 0) {
      throw new IOException("out of time after " + answers.answered() + " answers");
    }
    try {
      selector.select(
          key -> {
            try {
              Connection connection = (Connection) key.attachment();
              connection.receive();
              connection.ask(questions, System.nanoTime());
              connection.send();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          PAUSE_MILLIS);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void close() throws IOException {
    for (Connection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
