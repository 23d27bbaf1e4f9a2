package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.Batcher.Config;
import io.tollgate.limiter.redis.Batcher.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Assertions;

/** The batcher over a connection that a test works by hand. */
class BatcherTest {

  private static final long LIMIT = 1_000;

  private HandPort port = new HandPort();
  private final List<String> told = new ArrayList<>();

  /** Why the connection was distrusted. */
  private final List<Throwable> distrusts = new ArrayList<>();

  private Batcher batcher = batcher(3, 2, 10);

  private Batcher batcher(int batch, int calls, int waiting) {
    return new Batcher(new Config(batch, calls, waiting, LIMIT), port, port, false, distrusts::add);
  }

  private void submit(int... numbers) {
    submit(Script.CHECK, numbers);
  }

  private void submit(Script script, int... numbers) {
    for (int number : numbers) {
      batcher.submit(HandPort.step(script, number), batcher.deadline(), listener(number));
    }
  }

  private Batcher.Listener listener(int number) {
    return new Batcher.Listener() {
      @Override
      public void answered(byte[] answer) {
        assertEquals(number, HandPort.number(answer));
        told.add(number + " answered");
      }

      @Override
      public void failed(Fault fault, Throwable why) {
        assertTrue(why.getMessage() != null && !why.getMessage().isEmpty());
        told.add(number + " " + fault);
      }
    };
  }

  private List<Integer> sizes() {
    return port.calls.stream().map(call -> call.items().size()).toList();
  }

  @Example
  void anEmptyQueueWaitsForNothing() {
    submit(1);
    assertEquals(List.of(1), sizes());
    port.calls.remove().answerAll();
    assertEquals(List.of("1 answered"), told);
  }

  @Example
  void whatWaitsLeavesTogetherUpToTheBound() {
    submit(1, 2, 3, 4, 5, 6, 7);
    assertEquals(List.of(1, 1), sizes());
    port.calls.remove().answerAll();
    assertEquals(List.of(1, 3), sizes());
    port.calls.remove().answerAll();
    assertEquals(List.of(3, 2), sizes());
    port.calls.remove().answerAll();
    port.calls.remove().answerAll();
    assertEquals(IntStream.rangeClosed(1, 7).mapToObj(i -> i + " answered").toList(), told);
  }

  @Example
  void anotherScriptEndsABatchSoThatOrderStays() {
    submit(1, 2, 3, 4);
    submit(Script.VERBS, 5);
    submit(6);
    while (!port.calls.isEmpty()) {
      port.calls.remove().answerAll();
    }
    assertEquals(List.of(1, 2, 3, 4, 5, 6), port.sent);
    assertEquals(6, told.size());
  }

  @Example
  void whoFindsTheQueueFullIsToldAtOnceAndNotSent() {
    submit(1, 2);
    submit(3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    submit(13);
    assertEquals(List.of("13 FULL"), told);
    assertEquals(1, batcher.stats().full());
  }

  @Example
  void aCallThatIsNotAnsweredKeepsItsPlaceAndItsAnswerComesToNobody() {
    submit(1, 2, 3);
    port.pass(LIMIT - 1);
    assertEquals(List.of(), told);
    port.pass(1);
    assertEquals(List.of("1 TIMED_OUT", "2 TIMED_OUT", "3 NOT_SENT"), told);
    submit(4);
    assertEquals(List.of(1, 1), sizes(), "a Redis that hangs is not given more");
    port.calls.remove().answerAll();
    assertEquals(List.of(1, 1), sizes());
    assertEquals(3, told.size(), "a late answer comes to nobody");
    assertEquals(1, batcher.stats().late());
    port.calls.removeLast().answerAll();
    assertEquals("4 answered", told.getLast());
  }

  @Example
  void aCallThatFailsFailsItsStepsOnceAndNobodyRepeatsIt() {
    submit(1, 2, 3, 4);
    port.calls.remove().answer().failed(new IllegalStateException("gone"));
    assertEquals(List.of("1 FAILED"), told);
    port.calls.removeLast().answer().failed(new IllegalStateException("gone"));
    assertEquals(List.of("1 FAILED", "3 FAILED", "4 FAILED"), told);
    assertEquals(List.of(1, 2, 3, 4), port.sent);
  }

  @Example
  void answersThatAreNotAsManyAsQuestionsAreNobodysAnswers() {
    submit(1);
    port.calls.remove().answer().answered(List.of());
    assertEquals(List.of("1 FAILED"), told);
  }

  @Example
  void whoSubmitsFromACallbackIsSentLikeAnybody() {
    batcher.submit(
        HandPort.step(Script.CHECK, 1),
        batcher.deadline(),
        new Batcher.Listener() {
          @Override
          public void answered(byte[] answer) {
            submit(2);
          }

          @Override
          public void failed(Fault fault, Throwable why) {
            Assertions.fail(why);
          }
        });
    port.calls.remove().answerAll();
    port.calls.remove().answerAll();
    assertEquals(List.of("2 answered"), told);
  }

  @Example
  void whatArrivesInOneTurnLeavesTogether() {
    port.turn(() -> {
      submit(1, 2);
      assertEquals(List.of(), sizes(), "the turn is not over");
      submit(3, 4, 5, 6, 7);
    });
    assertEquals(List.of(3, 3), sizes(), "a full call leaves at once, the rest with the turn");
    port.calls.remove().answerAll();
    assertEquals(List.of(3, 1), sizes());
  }

  @Example
  void aStepThatFollowsGoesFirstAndHasTheTimeThatIsLeft() {
    long deadline = batcher.deadline();
    submit(1, 2);
    port.pass(LIMIT / 2);
    submit(3, 4, 5);
    batcher.submitNext(HandPort.step(Script.CHECK, 6), deadline, listener(6));
    port.calls.remove().answerAll();
    assertEquals(List.of(1, 2, 6, 3, 4), port.sent);
    port.pass(LIMIT / 2);
    assertEquals(List.of("1 answered", "2 TIMED_OUT", "6 TIMED_OUT"), told);
  }

  @Example
  void aFaultOfOneListenerHarmsNoNeighbour() {
    List<Throwable> faults = new ArrayList<>();
    Thread thread = Thread.currentThread();
    Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
    thread.setUncaughtExceptionHandler((_, fault) -> faults.add(fault));
    try {
      port.turn(() -> {
        Step step = HandPort.step(Script.CHECK, 1);
        batcher.submit(step, batcher.deadline(), faulty());
        submit(2);
      });
      port.calls.remove().answerAll();
    } finally {
      thread.setUncaughtExceptionHandler(before);
    }
    assertEquals(List.of("2 answered"), told);
    assertEquals(List.of("planted by a test"), faults.stream().map(Throwable::getMessage).toList());
    submit(3);
    assertEquals(1, port.calls.size(), "the batcher goes on");
  }

  private static Batcher.Listener faulty() {
    return new Batcher.Listener() {
      @Override
      public void answered(byte[] answer) {
        throw new IllegalStateException("planted by a test");
      }

      @Override
      public void failed(Fault fault, Throwable why) {
        Assertions.fail(why);
      }
    };
  }

  @Example
  void boundsBelowOneAreRefused() {
    var problem =
        Assertions.assertThrows(IllegalArgumentException.class, () -> new Config(0, 1, 1, 1));
    assertEquals(
        "batch 0, calls 1, waiting 1, limit 1 ns: each must be at least 1", problem.getMessage());
  }

  /** Whatever happens to calls and time: one answer each, in time, in order, within the bounds. */
  @Property(tries = 500)
  void everyStepIsToldOnceAndInTime(@ForAll long seed) {
    Random random = new Random(seed);
    port = new HandPort();
    batcher = batcher(1 + random.nextInt(5), 1 + random.nextInt(4), 1 + random.nextInt(20));
    int steps = 200;
    int[] answers = new int[steps];
    long[] submitted = new long[steps];
    int next = 0;
    while (next < steps || !port.calls.isEmpty()) {
      switch (random.nextInt(6)) {
        case 0, 1, 2 -> {
          if (next < steps) {
            int number = next++;
            submitted[number] = port.nanoTime();
            Script script = random.nextInt(5) == 0 ? Script.VERBS : Script.CHECK;
            batcher.submit(
                HandPort.step(script, number),
                batcher.deadline(),
                once(number, answers, submitted[number]));
          }
        }
        case 3 -> port.pass(random.nextInt(400));
        case 4 -> {
          if (!port.calls.isEmpty()) {
            port.calls.remove().answerAll();
          }
        }
        default -> {
          if (!port.calls.isEmpty() && random.nextInt(3) == 0) {
            port.calls.remove().answer().failed(new IllegalStateException("gone"));
          }
        }
      }
      assertTrue(port.alarms() <= 1, "one alarm at a time");
    }
    port.pass(10 * LIMIT);
    assertTrue(
        Arrays.stream(answers).allMatch(count -> count == 1), () -> Arrays.toString(answers));
    assertEquals(port.sent.stream().sorted().toList(), port.sent, "the order of submission");
    assertEquals(port.sent.size(), batcher.stats().steps(), "nothing is sent twice");
  }

  private Batcher.Listener once(int number, int[] answers, long submitted) {
    return new Batcher.Listener() {
      @Override
      public void answered(byte[] answer) {
        count();
      }

      @Override
      public void failed(Fault fault, Throwable why) {
        count();
      }

      private void count() {
        answers[number]++;
        assertTrue(port.nanoTime() - submitted <= LIMIT, "a step is answered within its limit");
      }
    };
  }

  @Example
  void aStepThatHadItsTimeIsReasonToDistrustAndOneThatOthersLeftLittleIsNot() {
    long deadline = batcher.deadline();
    port.pass(LIMIT * 3 / 4);
    batcher.submitNext(HandPort.step(Script.CHECK, 1), deadline, listener(1));
    port.pass(LIMIT / 4);
    assertEquals(List.of("1 TIMED_OUT"), told);
    assertEquals(List.of(), distrusts);
    submit(2);
    port.pass(LIMIT);
    assertEquals(List.of("1 TIMED_OUT", "2 TIMED_OUT"), told);
    assertEquals(1, distrusts.size());
  }

  @Example
  void whoComesLaterWithLessTimeLeftIsAnsweredInIt() {
    long deadline = batcher.deadline();
    port.pass(LIMIT / 2);
    submit(1);
    batcher.submitNext(HandPort.step(Script.CHECK, 2), deadline, listener(2));
    port.pass(LIMIT / 2);
    assertEquals(List.of("2 TIMED_OUT"), told);
    port.pass(LIMIT / 2);
    assertEquals(List.of("2 TIMED_OUT", "1 TIMED_OUT"), told);
  }
}
