package io.tollgate.limiter.concurrency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.Algorithm.Concurrency;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;

/** A limit that adapts finds what a callee bears; time is moved by hand. */
class AdaptiveConcurrencyTest {

  private static final long MILLI = 1_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long TTL = 30 * SECOND;
  private static final String CALLEE = "service:orders";

  /** Where an estimate begins. */
  private static final long FIRST = 20;

  private final Scene scene = Scene.of(MemoryStores::roomy, new Concurrency(200, TTL, 5));

  private long inForce() {
    Held held = scene.acquire(CALLEE, 0, TTL);
    return held.decision().limits().getFirst().limit();
  }

  private HoldId take() {
    return scene.acquire(CALLEE, 1, TTL).id().orElseThrow();
  }

  private void work(int times, Outcome outcome) {
    for (int i = 0; i < times; i++) {
      HoldId id = take();
      scene.clock.move(MILLI);
      scene.release(id, outcome);
    }
  }

  /** A callee with so many workers, and a line of work before them. */
  private final class Callee {

    private final int workers;
    private long serviceMillis;
    private final Deque<HoldId> line = new ArrayDeque<>();
    private final Deque<HoldId> working = new ArrayDeque<>();
    private final Deque<Long> ends = new ArrayDeque<>();
    private long millis;
    private long done;

    Callee(int workers, long serviceMillis) {
      this.workers = workers;
      this.serviceMillis = serviceMillis;
    }

    /** Callers come far more often than it can work. */
    void overrun(long forMillis, int callsAMilli) {
      for (long end = millis + forMillis; millis < end; millis++) {
        for (int i = 0; i < callsAMilli; i++) {
          scene.acquire(CALLEE, 1, TTL).id().ifPresent(line::add);
        }
        while (working.size() < workers && !line.isEmpty()) {
          working.add(line.remove());
          ends.add(millis + serviceMillis - 1);
        }
        scene.clock.move(MILLI);
        while (!ends.isEmpty() && ends.peek() <= millis) {
          ends.remove();
          scene.release(working.remove(), Outcome.SUCCESS);
          done++;
        }
      }
    }
  }

  @Test
  void findsWhatACalleeBearsAndGivesWayWhenItSlowsDown() {
    Callee callee = new Callee(20, 20);
    callee.overrun(40_000, 2);
    long usual = inForce();
    assertTrue(usual >= 20 && usual <= 50, () -> usual + " for 20 workers");
    long before = callee.done;
    callee.overrun(10_000, 2);
    assertEquals(10_000, (double) (callee.done - before), 200, "the workers are never idle");

    callee.serviceMillis = 200;
    callee.overrun(20_000, 2);
    long slow = inForce();
    assertTrue(
        slow < usual / 2, () -> slow + " of " + usual + " while work takes ten times as long");

    callee.serviceMillis = 20;
    callee.overrun(40_000, 2);
    long again = inForce();
    assertTrue(again >= 20, () -> again + " after it has recovered");
    System.out.printf("AdaptiveConcurrencyTest: %d, slow %d, again %d%n", usual, slow, again);
  }

  @Test
  void isHalvedByEachTenDroppedDownToTheLeast() {
    assertEquals(FIRST, inForce());
    work(9, Outcome.DROPPED);
    assertEquals(FIRST, inForce());
    work(1, Outcome.DROPPED);
    assertEquals(FIRST / 2, inForce());
    work(30, Outcome.DROPPED);
    assertEquals(5, inForce());
  }

  @Test
  void isCountedAgainstWhatIsHeldAlready() {
    for (int i = 0; i < FIRST; i++) {
      take();
    }
    Held denied = scene.acquire(CALLEE, 1, TTL);
    assertEquals(DecisionCode.CONCURRENCY_EXCEEDED, denied.decision().code());
    assertEquals(FIRST, denied.decision().limits().getFirst().limit());
  }

  @Test
  void learnsNothingOfWhatIsIgnoredExpiredOrReleasedTwice() {
    work(40, Outcome.IGNORE);
    for (int i = 0; i < 40; i++) {
      HoldId id = scene.acquire(CALLEE, 1, SECOND).id().orElseThrow();
      scene.clock.move(SECOND);
      scene.release(id, Outcome.DROPPED);
    }
    HoldId once = take();
    scene.clock.move(MILLI);
    for (int i = 0; i < 40; i++) {
      scene.release(once, Outcome.DROPPED);
    }
    assertEquals(FIRST, inForce());
  }

  @Test
  void aQuestionRepeatedWithTheIdOfALeaseBeginsNoWorkAnew() {
    HoldId id = new HoldId(7, 7);
    scene.acquire(CALLEE, id, 1, TTL);
    scene.clock.move(20 * MILLI);
    scene.acquire(CALLEE, id, 1, TTL);
    scene.clock.move(MILLI);
    scene.release(id, Outcome.SUCCESS);
    for (int i = 0; i < 9; i++) {
      HoldId next = take();
      scene.clock.move(21 * MILLI);
      scene.release(next, Outcome.SUCCESS);
    }
    assertEquals(FIRST, inForce(), "a window of a second has not passed");
  }

  @Test
  void staysWithinBoundsThatChange() {
    work(100, Outcome.DROPPED);
    assertEquals(5, inForce());
    scene.change(new Concurrency(200, TTL, 12));
    assertEquals(12, inForce());
    scene.change(new Concurrency(8, TTL, 6));
    assertEquals(6, inForce());
    scene.change(new Concurrency(3, TTL));
    assertEquals(3, inForce());
  }

  @Test
  void eachCounterHasANumberOfItsOwn() {
    work(10, Outcome.DROPPED);
    assertEquals(
        FIRST, scene.acquire("service:mail", 0, TTL).decision().limits().getFirst().limit());
    assertEquals(FIRST / 2, inForce());
  }
}
