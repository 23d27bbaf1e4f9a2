package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.HandLine.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The breaker over connections and a clock that a test works by hand. */
class LinkTest {

  /** As a server has it with the usual limit. */
  private static final Link.Config CONFIG =
      new Link.Config(millis(200), millis(2_000), millis(50), millis(1_000));

  /** The longest that a Redis which answers again is not seen to. */
  private static final long HEALED =
      2 * CONFIG.mostPauseNanos() + CONFIG.connectNanos() + CONFIG.greetingNanos();

  private final List<String> told = new ArrayList<>();
  private final CountingObserver observer = new CountingObserver();
  private HandPort time = new HandPort();
  private HandLine redis = new HandLine(time);
  private Link link = link(1);

  private static long millis(long count) {
    return TimeUnit.MILLISECONDS.toNanos(count);
  }

  private Link link(long seed) {
    return new Link(CONFIG, redis, LinkTest::greet, time, new Random(seed), observer);
  }

  private static ScriptPort.Answer answer(Runnable well, Consumer<Throwable> wrong) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        well.run();
      }

      @Override
      public void failed(Throwable why) {
        wrong.accept(why);
      }
    };
  }

  private static void greet(ScriptPort by, Link.Greeting.Said said) {
    by.call(Script.FLEET, List.of(), List.of(), answer(said::well, said::wrong));
  }

  private void call(int number) {
    Step step = HandPort.step(Script.CHECK, number);
    link.call(
        step.script(),
        step.keys(),
        List.of(step.item()),
        answer(
            () -> told.add(number + " answered"),
            why -> told.add(number + " failed: " + why.getMessage())));
  }

  private static IllegalStateException late() {
    return new IllegalStateException("late");
  }

  /** A link that is up, and its connection. */
  private Line comeUp() {
    link.start();
    Line line = redis.accept();
    line.last().answerAll();
    assertTrue(link.isUp());
    return line;
  }

  @Example
  void itComesUpWhenRedisHasAnsweredTheGreeting() {
    link.start();
    Line line = redis.accept();
    assertFalse(link.isUp(), "connected, not greeted");
    line.last().answerAll();
    assertTrue(link.isUp());
    assertEquals("", link.why());
    call(1);
    line.last().answerAll();
    assertEquals(List.of("1 answered"), told);
  }

  @Example
  void whoCallsWithoutAConnectionIsToldAtOnce() {
    call(1);
    assertEquals(List.of("1 failed: there is no connection to Redis: not connected yet"), told);
  }

  @Example
  void theFirstCallThatFailsTakesItDownAtOnce() {
    Line line = comeUp();
    call(1);
    call(2);
    time.turn(() -> {
      line.calls.removeFirst().answer().failed(late());
      assertFalse(link.isUp());
      assertEquals("late", link.why());
      assertEquals(List.of("1 failed: late"), told);
    });
    assertEquals(1, observer.downs);
    line.calls.removeFirst().answer().failed(late());
    assertEquals(1, observer.downs, "it goes down once");
  }

  @Example
  void aSlowRedisThatAnswersTheGreetingComesUpOnTheSameConnection() {
    Line line = comeUp();
    call(1);
    link.distrust(late());
    assertFalse(link.isUp());
    time.pass(CONFIG.greetingNanos() - 1);
    line.last().answerAll();
    assertTrue(link.isUp());
    assertFalse(line.closed);
    line.last().answerAll();
    assertEquals(List.of("1 answered"), told, "the late answer is the call's");
    time.pass(CONFIG.connectNanos());
    assertTrue(link.isUp(), "alarms of what is over are not heard");
    assertEquals(1, redis.attemptTimes.size());
  }

  @Example
  void aRedisThatDoesNotAnswerIsLeftAndWhatIsUnderWayFailsOnce() {
    Line line = comeUp();
    call(1);
    call(2);
    link.distrust(late());
    time.pass(CONFIG.greetingNanos());
    assertTrue(line.closed);
    assertEquals(
        List.of("1 failed: Redis does not answer", "2 failed: Redis does not answer"), told);
    List.copyOf(line.calls).forEach(HandPort.Call::answerAll);
    line.end();
    assertEquals(2, told.size(), "what the old connection says is nobody's");
    assertFalse(link.isUp());
    time.pass(2 * CONFIG.leastPauseNanos());
    assertEquals(1, redis.attempts());
    redis.accept().last().answerAll();
    assertTrue(link.isUp());
  }

  @Example
  void aConnectionThatEndsFailsWhatIsUnderWayAndIsMadeAnewAtOnce() {
    Line line = comeUp();
    call(1);
    line.end();
    assertEquals(List.of("1 failed: the connection was closed"), told);
    assertEquals(1, redis.attempts());
  }

  @Example
  void aConnectionWhoseCallsFailBeforeItEndsIsMadeAnewAtOnceToo() {
    Line line = comeUp();
    call(1);
    time.turn(() -> {
      line.last().answer().failed(late());
      line.end();
    });
    assertEquals(1, redis.attempts());
    assertTrue(line.calls.isEmpty(), "nobody greets a connection that has ended");
  }

  @Example
  void aServerThatIsNotTheOneToWriteToIsLeft() {
    Line line = comeUp();
    call(1);
    link.leave(new IllegalStateException("READONLY"));
    assertTrue(line.closed);
    assertEquals("READONLY", link.why());
    assertEquals(List.of("1 failed: READONLY"), told);
    assertEquals(1, redis.attempts());
  }

  @Example
  void aGreetingThatIsRefusedLeavesTheServer() {
    link.start();
    Line line = redis.accept();
    line.last().answer().failed(new IllegalStateException("NOAUTH"));
    assertTrue(line.closed);
    assertEquals("NOAUTH", link.why());
  }

  /** Refuses so many attempts; how long it took to the next one, each time. */
  private List<Long> pauses(int count) {
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long refused = time.nanoTime();
      redis.refuse();
      while (redis.attempts() == 0) {
        time.pass(1_000_000);
      }
      pauses.add(redis.attemptTimes.getLast() - refused);
    }
    return pauses;
  }

  @Property(tries = 50)
  void pausesDoubleUpToTheBoundAndSpread(@ForAll long seed) {
    time = new HandPort();
    redis = new HandLine(time);
    link = link(seed);
    link.start();
    List<Long> pauses = pauses(9);
    assertEquals(0, pauses.removeFirst(), "the first time at once");
    long pause = CONFIG.leastPauseNanos();
    for (long seen : pauses) {
      assertTrue(seen >= pause && seen < 2 * pause, () -> "paused " + seen);
      pause = Math.min(2 * pause, CONFIG.mostPauseNanos());
    }
    assertEquals(CONFIG.mostPauseNanos(), pause);
    assertTrue(pauses.stream().distinct().count() > 4, "instances come apart");
  }

  @Example
  void pausesEndWhenACallIsAnsweredAndNotBefore() {
    link.start();
    pauses(3);
    Line line = redis.accept();
    line.last().answerAll();
    assertTrue(link.isUp());
    line.end();
    assertEquals(0, redis.attempts(), "a greeting alone says little");
    time.pass(2 * CONFIG.mostPauseNanos());
    line = redis.accept();
    line.last().answerAll();
    call(1);
    line.last().answerAll();
    line.end();
    assertEquals(1, redis.attempts(), "all was well: at once");
  }

  @Example
  void anAttemptThatNeverAnswersIsGivenUpAndItsConnectionClosedWhenItArrives() {
    link.start();
    time.pass(CONFIG.connectNanos() - 1);
    assertEquals("not connected yet", link.why());
    time.pass(1);
    assertEquals("Redis does not accept a connection", link.why());
    assertEquals(2, redis.attempts(), "another one is made");
    Line late = redis.accept(0);
    assertTrue(late.closed);
    Line line = redis.accept();
    line.last().answerAll();
    assertTrue(link.isUp());
    late.end();
    assertTrue(link.isUp());
  }

  @Example
  void whatAnOldAttemptSaysIsNotHeard() {
    link.start();
    time.pass(CONFIG.connectNanos());
    redis.refuse(0);
    assertEquals("Redis does not accept a connection", link.why());
    Line first = redis.accept();
    HandPort.Call greeting = first.last();
    time.pass(CONFIG.greetingNanos());
    assertTrue(first.closed);
    greeting.answerAll();
    assertFalse(link.isUp(), "greeted too late");
    time.pass(2 * CONFIG.leastPauseNanos());
    Line second = redis.accept();
    first.end();
    assertFalse(second.closed);
  }

  @Example
  void closeEndsItForGood() {
    Line line = comeUp();
    call(1);
    link.distrust(late());
    link.close();
    link.close();
    assertTrue(line.closed);
    assertEquals(List.of("1 failed: the server is stopping"), told);
    line.calls.forEach(HandPort.Call::answerAll);
    line.end();
    time.pass(millis(3_600_000));
    assertFalse(link.isUp());
    assertEquals(1, redis.attemptTimes.size());
    assertEquals(0, time.alarms());
    link = link(1);
    link.start();
    link.close();
    assertTrue(redis.accept().closed, "too late");
  }

  /** The most alarms that were pending in an hour, and how often a connection was tried. */
  private record Hour(int alarms, int attempts) {}

  /** An hour in which Redis does this to each attempt. */
  private Hour hour(Consumer<HandLine> answer) {
    time = new HandPort();
    redis = new HandLine(time);
    link = link(1);
    link.start();
    int most = 0;
    for (long end = millis(3_600_000); time.nanoTime() < end; time.pass(millis(10))) {
      if (redis.attempts() > 0) {
        answer.accept(redis);
      }
      most = Math.max(most, time.alarms());
    }
    assertFalse(link.isUp());
    return new Hour(most, redis.attemptTimes.size());
  }

  /** Each attempt has an alarm for 2 s, one for 200 ms and one that ends its pause. */
  @Example
  void anHourOfOutageKeepsAtMostEightAlarmsAndTriesAtMostOnceASecond() {
    List<Hour> hours =
        List.of(hour(HandLine::refuse), hour(HandLine::accept), hour(line -> line.accept().end()));
    for (Hour hour : hours) {
      assertTrue(hour.alarms <= 8, hours::toString);
      assertTrue(hour.attempts > 1_500 && hour.attempts <= 3_600 + 6, hours::toString);
    }
    Hour mute = hour(_ -> {});
    assertTrue(mute.alarms <= 8 && mute.attempts > 900, mute::toString);
  }

  /** Whatever happens: one answer to each call, one connection, and it heals in time. */
  @Property(tries = 500)
  void everyCallIsToldOnceAndSentAtMostOnceAndTheLinkHeals(@ForAll long seed) {
    Random random = new Random(seed);
    time = new HandPort();
    redis = new HandLine(time);
    link = link(seed);
    told.clear();
    link.start();
    int calls = 0;
    for (int i = 0; i < 300; i++) {
      int number = calls;
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          calls++;
          time.turn(() -> call(number));
        }
        case 3 -> time.turn(() -> link.distrust(late()));
        case 4 -> time.pass(random.nextLong(CONFIG.connectNanos()));
        case 5 -> time.pass(random.nextLong(CONFIG.greetingNanos()));
        default -> time.turn(() -> happen(random));
      }
      Line open = redis.open();
      assertTrue(open != null || !link.isUp(), "up without a connection");
    }
    redis.answerAllFromNowOn();
    long since = time.nanoTime();
    while (!link.isUp()) {
      time.pass(millis(1));
      assertTrue(time.nanoTime() - since <= HEALED, "it heals in time");
    }
    time.turn(link::close);
    List<Integer> numbers = new ArrayList<>();
    told.forEach(line -> numbers.add(Integer.parseInt(line.split(" ", 2)[0])));
    assertEquals(IntStream.range(0, calls).boxed().toList(), numbers.stream().sorted().toList());
    assertEquals(redis.sent.stream().distinct().toList(), redis.sent, "nothing is sent twice");
  }

  /** Something that Redis or the network does, to what is open or to what is long over. */
  private void happen(Random random) {
    if (random.nextInt(4) == 0 && redis.attempts() > 0) {
      int attempt = random.nextInt(redis.attempts());
      if (random.nextInt(3) == 0) {
        redis.refuse(attempt);
      } else {
        redis.accept(attempt);
      }
    } else if (!redis.lines.isEmpty()) {
      Line line = redis.lines.get(random.nextInt(redis.lines.size()));
      int what = random.nextInt(12);
      if (what == 0) {
        line.end();
      } else if (what == 1) {
        link.leave(new IllegalStateException("READONLY"));
      } else if (!line.calls.isEmpty()) {
        HandPort.Call call = line.calls.remove(random.nextInt(line.calls.size()));
        if (what < 4) {
          call.answer().failed(new IllegalStateException("BUSY"));
        } else {
          call.answerAll();
        }
      }
    }
  }
}
