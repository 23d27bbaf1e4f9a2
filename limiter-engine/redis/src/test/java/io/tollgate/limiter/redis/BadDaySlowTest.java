package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** Redis is there, but answers late, half or not at all. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class BadDaySlowTest {

  private static final Limit LOCAL = Day.limit(Day.CAPACITY, StoreFailure.LOCAL);

  private final RedisServer server = RedisServer.start("--lua-time-limit", "100");
  private final CutLine line = new CutLine(server.port);

  @AfterEach
  void close() throws Exception {
    line.close();
    server.close();
  }

  /** What is done to a server or to the line to it. */
  private interface Harm {

    void run() throws Exception;
  }

  private void harmed(String name, Harm harm, Harm end) throws Exception {
    try (Day day = new Day(line.port)) {
      day.press(LOCAL);
      day.awaitShared(200);
      harm.run();
      day.awaitDegraded(1_000);
      end.run();
      day.awaitHealed(LOCAL);
      day.awaitShared(200);
      day.rest();
      day.assertCharged(LOCAL);
      day.report(name);
      assertTrue(day.observer.downs >= 1);
      Day.Told told = day.told();
      assertTrue(2 * told.waited() <= told.degraded(), "an outage costs time at its begin only");
    }
  }

  @Test
  void aRedisThatStandsStillIsDoneWithoutAndExecutesAtMostWhatWasUnderWay() throws Exception {
    harmed("paused", server::pause, server::resume);
  }

  @Test
  void aRedisThatAnswersTooLateIsDoneWithout() throws Exception {
    harmed("slow", () -> line.delayAnswers(500), () -> line.delayAnswers(0));
  }

  @Test
  void aRedisThatIsBusyWithALongScriptIsDoneWithout() throws Exception {
    try (Socket busy = new Socket(InetAddress.getLoopbackAddress(), server.port)) {
      byte[] endless = "EVAL \"while true do end\" 0\r\n".getBytes(StandardCharsets.UTF_8);
      harmed("busy", () -> busy.getOutputStream().write(endless), () -> server.tell("SCRIPT KILL"));
    }
  }

  @Test
  void anAnswerThatIsCutInTheMiddleIsChargedOnceAtMost() throws Exception {
    try (Day day = new Day(line.port)) {
      for (int i = 0; i < 20; i++) {
        day.awaitHealed(LOCAL);
        line.cutInNextAnswer();
        var _ = day.ask(LOCAL, 1);
      }
      day.awaitHealed(LOCAL);
      day.assertCharged(LOCAL);
      day.report("cut in the middle of an answer");
      assertTrue(day.unknown() >= 5, "cuts have hit checks");
    }
  }

  @Test
  void answersThatAreCutInTheMiddleUnderLoadHoldNobodyUp() throws Exception {
    try (Day day = new Day(line.port)) {
      day.press(LOCAL);
      for (int i = 0; i < 20; i++) {
        day.awaitShared(20);
        line.cutInNextAnswer();
        Day.await(() -> !line.isAboutToCut(), "an answer to cut");
      }
      day.awaitHealed(LOCAL);
      day.rest();
      day.assertCharged(LOCAL);
      day.report("cut in the middle under load");
      assertTrue(day.observer.downs >= 10);
    }
  }
}
