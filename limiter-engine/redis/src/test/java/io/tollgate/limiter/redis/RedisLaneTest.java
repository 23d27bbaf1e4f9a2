package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.limit.KeyHasher;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.HandLine.Line;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.FailurePolicy;
import io.tollgate.limiter.store.Store;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;

/** A lane over a connection and a clock that a test works by hand. */
class RedisLaneTest {

  private static final long LIMIT = 200_000_000;
  private static final Limit LOCAL = Day.limit(10, StoreFailure.LOCAL);
  private static final byte FAILED = 3;

  private final HandPort time = new HandPort();
  private final HandClock clock = new HandClock();
  private final HandLine redis = new HandLine(time);
  private final CountingObserver observer = new CountingObserver();
  private final Link link =
      new Link(
          new Link.Config(LIMIT, 10 * LIMIT, LIMIT, LIMIT),
          redis,
          (by, said) -> by.call(Script.FLEET, List.of(), List.of(), greeted(said)),
          time,
          new Random(1),
          observer);
  private final RedisLane lane =
      new RedisLane(
          new OneServer(new Batcher(new Batcher.Config(2, 2, 10, LIMIT), link, time), link),
          new StepCodec("", new KeyHasher(1, 2)),
          new FailurePolicy(MemoryStores.roomy(clock), clock, () -> 1, 1),
          clock,
          observer,
          time,
          Optional.empty());

  private final List<CheckBuffer> answers = new ArrayList<>();
  private final Line line = comeUp();

  private static ScriptPort.Answer greeted(Link.Greeting.Said said) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        said.well();
      }

      @Override
      public void failed(Throwable why) {
        said.wrong(why);
      }
    };
  }

  private Line comeUp() {
    link.start();
    Line made = redis.accept();
    made.last().answerAll();
    return made;
  }

  private void ask(int times) {
    for (int i = 0; i < times; i++) {
      time.turn(() -> lane.check(Day.question(LOCAL, 1), answers::add));
    }
  }

  private void assertAllOfPolicies(int count) {
    assertEquals(count, answers.size());
    assertTrue(answers.stream().allMatch(CheckBuffer::degraded));
    assertEquals(count, observer.degraded);
  }

  @Example
  void aCallThatIsLateTakesTheLinkDownAndNobodyWaitsAnyMore() {
    ask(7);
    time.pass(LIMIT - 1);
    assertEquals(List.of(), answers);
    time.pass(1);
    assertAllOfPolicies(7);
    assertFalse(link.isUp());
    assertEquals(2, observer.faults(Fault.TIMED_OUT));
    assertEquals(5, observer.faults(Fault.NOT_SENT));
    ask(3);
    assertAllOfPolicies(10);
  }

  @Example
  void aConnectionThatEndsAnswersWhoIsUnderWayAndWhoWaits() {
    ask(7);
    line.end();
    assertAllOfPolicies(7);
    assertEquals(7, observer.faults(Fault.FAILED));
    time.pass(10 * LIMIT);
    assertEquals(7, answers.size(), "each once");
  }

  @Example
  void whatIsFullIsDecidedByPoliciesAndTheLinkStaysUp() {
    ask(13);
    assertAllOfPolicies(1);
    assertEquals(1, observer.faults(Fault.FULL));
    assertTrue(link.isUp());
  }

  private void refuseFirst(String words) {
    byte[] text = words.getBytes(StandardCharsets.UTF_8);
    byte[] said = new byte[8 + text.length];
    said[0] = FAILED;
    System.arraycopy(text, 0, said, 8, text.length);
    line.calls.removeFirst().answer().answered(List.of(said));
  }

  @Example
  void aRefusalIsOneChecksAffairUnlessRedisIsNoMaster() {
    ask(2);
    refuseFirst("OOM command not allowed when used memory > 'maxmemory'.");
    assertAllOfPolicies(1);
    assertEquals(1, observer.refused);
    assertTrue(link.isUp());
    refuseFirst("READONLY You can't write against a read only replica.");
    assertAllOfPolicies(2);
    assertFalse(link.isUp());
    assertTrue(line.closed);
  }

  @Example
  void anAnswerThatNobodyUnderstandsIsStillAnAnswerToWhoAsked() {
    for (byte[] strange : List.of(new byte[] {1}, new byte[] {99}, new byte[] {7, 0, 0})) {
      ask(1);
      line.calls.removeFirst().answer().answered(List.of(strange));
    }
    assertEquals(3, answers.size());
    assertTrue(answers.stream().allMatch(CheckBuffer::degraded));
    assertEquals(3, observer.refused);
    assertTrue(link.isUp());
  }

  @Example
  void aHoldThatNobodyUnderstandsIsNotSettledAndSaidSo() {
    List<Store.Settlement> said = new ArrayList<>();
    HoldId id = new HoldId(1, 2);
    time.turn(() -> lane.commit(id, 1, said::add));
    line.calls.removeFirst().answer().answered(List.of(new byte[] {1, 2, 3}));
    assertEquals(List.of(new Store.Settlement.Unavailable()), said);
    time.turn(() -> lane.commit(id, 1, said::add));
    line.calls.removeFirst().answer().answered(List.of(new byte[0]));
    assertEquals(new Store.Settlement.Unknown(), said.getLast());
    time.turn(() -> lane.commit(id, 1, said::add));
    time.pass(LIMIT);
    assertEquals(new Store.Settlement.Unavailable(), said.getLast());
    assertEquals(3, said.size());
  }
}
