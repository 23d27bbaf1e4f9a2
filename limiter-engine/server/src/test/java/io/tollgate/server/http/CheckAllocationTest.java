package io.tollgate.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a check over HTTP allocates, from the bytes of the request to the bytes of the answer. */
class CheckAllocationTest {

  /** What it was, 2,360: Netty's request and headers above all, and the ids; plus a tenth. */
  private static final long MOST_BYTES = 2_600;

  private static final int ROUND = 20_000;
  private static final int ROUNDS = 15;

  /** So many that none is denied: 1,000 checks each. */
  private static final List<byte[]> REQUESTS =
      IntStream.range(0, 500).mapToObj(CheckAllocationTest::request).toList();

  private final Level level = ResourceLeakDetector.getLevel();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static byte[] request(int i) {
    String body = "{\"identifier\":\"user_" + i + "\",\"namespace\":\"api\"}";
    return Client.post("/v1/check", body, "Content-Type: application/json").getBytes(US_ASCII);
  }

  /** Other tests look for leaks, which is paid for in every buffer. */
  @BeforeEach
  void lookForNoLeaks() {
    ResourceLeakDetector.setLevel(Level.DISABLED);
  }

  @AfterEach
  void lookForLeaksAgain() {
    ResourceLeakDetector.setLevel(level);
  }

  @Test
  void aWarmCheckAllocatesLittle() {
    long least = Long.MAX_VALUE;
    try (Embedded client = Embedded.prompt()) {
      for (int round = 0; round < ROUNDS; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        round(client);
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
    }
    long each = least / ROUND;
    System.out.println("CheckAllocationTest: " + each + " bytes for each check");
    assertTrue(each <= MOST_BYTES, each + " bytes for each check");
  }

  private static void round(Embedded client) {
    for (int i = 0; i < ROUND; i++) {
      byte[] request = REQUESTS.get(i % REQUESTS.size());
      client.channel.writeInbound(
          client.channel.alloc().buffer(request.length).writeBytes(request));
      ByteBuf answer = client.channel.readOutbound();
      assertEquals('2', answer.getByte("HTTP/1.1 ".length()));
      answer.release();
    }
  }
}
