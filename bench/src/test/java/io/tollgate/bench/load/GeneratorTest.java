package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** The generator against a small server on a real socket. */
class GeneratorTest {

  private static final Question QUESTION = Question.get("/" + Question.SLOT);
  private static final Duration MOST = Duration.ofSeconds(30);

  /** Answers what a function says to the number in a request; an empty text ends the connection. */
  private static final class Small implements AutoCloseable {
    private final ServerSocket listener =
        new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final IntFunction<String> answers;
    private final ConcurrentMap<Integer, Integer> asked = new ConcurrentHashMap<>();

    Small(IntFunction<String> answers) throws IOException {
      this.answers = answers;
      Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
      try {
        while (true) {
          Socket socket = listener.accept();
          Thread.ofVirtual().start(() -> serve(socket));
        }
      } catch (IOException e) {
        // The test has closed it.
      }
    }

    private void serve(Socket socket) {
      try (socket;
          var in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
        socket.setTcpNoDelay(true);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          if (line.startsWith("GET /")) {
            int number = Integer.parseInt(line, 5, 12, 10);
            asked.merge(number, 1, Integer::sum);
            String answer = answers.apply(number);
            if (answer.isEmpty()) {
              return;
            }
            socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
          }
        }
      } catch (IOException e) {
        // The generator has gone.
      }
    }

    int port() {
      return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  private static String ok() {
    String body = "{\"allowed\":true,\"remaining\":5}";
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void oneStallIsSeenByAllRequestsThatWereDueDuringIt() throws IOException {
    AtomicBoolean stalled = new AtomicBoolean();
    long stall = Duration.ofMillis(100).toNanos();
    IntFunction<String> stallsOnce =
        _ -> {
          long end = System.nanoTime() + stall;
          while (!stalled.get() && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
          }
          stalled.set(true);
          return ok();
        };
    try (var server = new Small(stallsOnce);
        var generator = new Generator(server.port(), QUESTION, 1)) {
      Generator.Paced paced = generator.fixedRate(new int[] {1, 2, 3}, 1_000, 200);
      assertEquals(200, paced.latency().getTotalCount());
      assertEquals(200, generator.tally().answered());
      // Only one request was on its way; 49 more were due in the first half of the stall.
      long half = stall / 2;
      long slow = paced.latency().getCountBetweenValues(half, paced.latency().getMaxValue());
      assertTrue(slow >= 49, slow + " waited long");
      assertTrue(paced.late().getMaxValue() >= half, "late: " + paced.late().getMaxValue());
    }
  }

  @Test
  void orderIsRepeatedWhenItRunsOut() throws IOException {
    try (var server = new Small(_ -> ok());
        var generator = new Generator(server.port(), QUESTION, 4)) {
      generator.fixedRate(new int[] {7, 8}, 100_000, 10);
      generator.fixedRate(new int[] {7, 9}, 100_000, 10);
      assertEquals(20, generator.tally().answered());
      assertEquals(10, server.asked.get(7));
      assertEquals(5, server.asked.get(8));
      assertEquals(5, server.asked.get(9));
    }
  }

  @Test
  void sweepAsksForEachIdentifierOnce() throws IOException {
    for (int depth : List.of(1, Line.MOST_DEPTH)) {
      try (var server = new Small(_ -> ok());
          var generator = new Generator(server.port(), QUESTION, 3)) {
        generator.sweep(500, depth, MOST);
        assertEquals(500, generator.tally().answered());
        assertEquals(500, server.asked.size());
        assertEquals(Set.of(1), Set.copyOf(server.asked.values()));
        assertEquals(5, generator.tally().leastRemaining());
      }
    }
  }

  @Test
  void aClosedLoopCountsAndTimesEveryAnswer() throws IOException {
    for (int depth : List.of(1, Line.MOST_DEPTH)) {
      try (var server = new Small(_ -> ok());
          var generator = new Generator(server.port(), QUESTION, 3)) {
        Timed timed = generator.closed(new int[] {4, 5, 6}, depth, Duration.ofMillis(100));
        long asked = server.asked.values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(Set.of(4, 5, 6), server.asked.keySet());
        assertEquals(asked, timed.closed().answers());
        assertEquals(asked, timed.latency().getTotalCount());
        assertEquals(0, timed.closed().errors());
        assertTrue(timed.closed().seconds() >= 0.1, timed.closed().toString());
        assertTrue(timed.micros(99) >= timed.micros(50), timed.toString());
      }
    }
  }

  @Test
  void refusalsOfAClosedLoopAreErrors() throws IOException {
    try (var server = new Small(_ -> "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n");
        var generator = new Generator(server.port(), QUESTION, 1)) {
      Closed closed = generator.closed(new int[] {1}, 1, Duration.ofMillis(20)).closed();
      assertTrue(closed.errors() > 0, closed.toString());
      assertEquals(closed.answers(), closed.errors());
    }
  }

  @Test
  void refusalsAreCounted() throws IOException {
    IntFunction<String> refusesOne =
        i -> i == 3 ? "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n\r\n" : ok();
    try (var server = new Small(refusesOne);
        var generator = new Generator(server.port(), QUESTION, 2)) {
      generator.sweep(10, 1, MOST);
      assertEquals(1, generator.tally().failed());
      assertEquals(10, generator.tally().answered());
    }
  }

  @Test
  void aClosedConnectionEndsTheRun() throws IOException {
    try (var server = new Small(i -> i == 3 ? "" : ok());
        var generator = new Generator(server.port(), QUESTION, 2)) {
      var e = assertThrows(Exception.class, () -> generator.sweep(10, 1, MOST));
      assertTrue(e.toString().contains("closed a connection"), e.toString());
    }
  }

  @Test
  void aServerThatIsSilentEndsTheRunInTime() throws IOException {
    try (var server = new Small(_ -> "HTTP/1.1 200 OK\r\n");
        var generator = new Generator(server.port(), QUESTION, 1)) {
      assertThrows(IOException.class, () -> generator.sweep(1, 1, Duration.ofMillis(50)));
    }
  }
}
