package io.tollgate.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class LineQueueTest {

  /** A stream that stands still until it is let go, as a full pipe does. */
  private static final class FullPipe extends OutputStream {

    private final CountDownLatch read = new CountDownLatch(1);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int b) {
      throw new UnsupportedOperationException("one byte at a time");
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        read.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      taken.write(bytes, from, count);
    }

    List<String> lines() {
      return taken.toString(StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void whoeverLogsGoesOnWhileNobodyReadsAndWhatIsDroppedIsCounted() {
    FullPipe pipe = new FullPipe();
    LineQueue queue = LineQueue.start(pipe, count -> count + " dropped\n");
    String line = "x".repeat(999) + "\n";
    int added = 3_000;
    for (int i = 0; i < added; i++) {
      queue.add(line);
    }
    pipe.read.countDown();
    queue.add("after\n");
    queue.close();
    List<String> lines = pipe.lines();
    long kept = lines.stream().filter(l -> l.startsWith("x")).count();
    // One more was in the thread's hand.
    assertTrue((kept - 1) * line.length() <= 1 << 20, kept + " kept");
    assertTrue(kept > 1_000, kept + " kept");
    long dropped =
        lines.stream()
            .filter(l -> l.endsWith(" dropped"))
            .mapToLong(l -> Long.parseLong(l.substring(0, l.indexOf(' '))))
            .sum();
    long after = lines.stream().filter("after"::equals).count();
    assertEquals(added + 1, kept + after + dropped);
  }

  @Test
  void linesOfManyThreadsDoNotMixAndEachThreadsOrderHolds() throws InterruptedException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LineQueue queue = LineQueue.start(out, count -> count + " dropped\n");
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      String name = Character.toString('a' + t);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 500; i++) {
                  queue.add(name.repeat(50) + i + "\n");
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    queue.close();
    int[] next = new int[8];
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      int thread = line.charAt(0) - 'a';
      String name = Character.toString('a' + thread);
      assertEquals(name.repeat(50) + next[thread]++, line);
    }
    for (int count : next) {
      assertEquals(500, count);
    }
  }

  @Test
  void closingWaitsOnlyASecondForAStreamThatStandsStill() {
    LineQueue queue = LineQueue.start(new FullPipe(), count -> count + " dropped\n");
    queue.add("a\n");
    long before = System.nanoTime();
    queue.close();
    long millis = (System.nanoTime() - before) / 1_000_000;
    assertTrue(millis >= 900 && millis < 30_000, millis + " ms");
  }
}
