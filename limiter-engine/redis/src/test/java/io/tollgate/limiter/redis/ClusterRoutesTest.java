package io.tollgate.limiter.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.redis.Batcher.Fault;
import io.tollgate.limiter.redis.HandLine.Line;
import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Example;

/** Ways to servers of a Cluster over connections and a clock that a test works by hand. */
class ClusterRoutesTest {

  private static final long LIMIT = 200_000_000;
  private static final long MILLI = 1_000_000;
  private static final Server ONE = new Server("one", 1);
  private static final Server TWO = new Server("two", 2);
  private static final Server THREE = new Server("three", 3);
  private static final int HALF = Slots.COUNT / 2;

  private final HandPort time = new HandPort();
  private final CountingObserver observer = new CountingObserver();
  private final Map<Server, HandLine> lines = new HashMap<>();
  private final List<String> told = new ArrayList<>();
  private int looks;

  private final ClusterRoutes routes =
      new ClusterRoutes(
          new ClusterRoutes.Parts(
              new Link.Config(LIMIT, 10 * LIMIT, LIMIT, LIMIT),
              new Batcher.Config(2, 1, 10, LIMIT),
              server -> lines.computeIfAbsent(server, _ -> new HandLine(time)),
              new Fleet(new Fleet.Member("", "a", 1, 2, true), told::add),
              () -> looks++,
              time,
              new Random(1),
              observer));

  private static Topology halves(Server first, Server second) {
    return new Topology(
        List.of(
            new Topology.Range(0, HALF - 1, first, List.of()),
            new Topology.Range(HALF, Slots.COUNT - 1, second, List.of())),
        1,
        true);
  }

  private HandLine line(Server server) {
    return Objects.requireNonNull(lines.get(server), server.toString());
  }

  private Line open(Server server) {
    return Objects.requireNonNull(line(server).open(), server.toString());
  }

  /** The server lets itself be connected to, and answers the greeting. */
  private Line comeUp(Server server) {
    Line made = line(server).accept();
    ScriptPort.Answer greeting = made.last().answer();
    boolean fleet = server.equals(ONE) == Fleet.SLOT < HALF;
    greeting.answered(fleet ? fleetAnswer() : List.of());
    return made;
  }

  private static List<byte[]> fleetAnswer() {
    return List.of(new byte[0], digit('1'), digit('0'), digit('5'), new byte[0]);
  }

  private static byte[] digit(char digit) {
    return new byte[] {(byte) digit};
  }

  private void comeUp() {
    time.turn(() -> routes.seen(halves(ONE, TWO)));
    comeUp(ONE);
    comeUp(TWO);
  }

  private void submit(int slot, int number) {
    byte[] item = {(byte) number};
    Step step = new Step(Script.CHECK, slot, List.of(item), item);
    time.turn(() ->
        routes.submit(
            step,
            routes.deadline(),
            new Batcher.Listener() {
              @Override
              public void answered(byte[] answer) {
                told.add(answer[0] + " answered");
              }

              @Override
              public void failed(Fault fault, Throwable why) {
                told.add(number + " " + fault);
              }
            }));
  }

  private static void refuse(Line line, String words) {
    line.calls.removeFirst().answer().failed(new IllegalStateException(words));
  }

  private static void answer(Line line) {
    line.calls.removeFirst().answerAll();
  }

  @Example
  void aCallHoldsStepsOfOneSlotOnly() {
    comeUp();
    time.turn(() -> {
      submit(1, 1);
      submit(2, 2);
    });
    assertEquals(List.of(1, 1), open(ONE).calls.stream().map(call -> call.items().size()).toList());
    answer(open(ONE));
    answer(open(ONE));
    assertEquals(List.of("1 answered", "2 answered"), told);
  }

  @Example
  void aStepFollowsASlotThatHasMovedAndTheNextOneGoesThereAtOnce() {
    comeUp();
    submit(1, 1);
    refuse(open(ONE), "MOVED 1 two:2");
    answer(open(TWO));
    submit(1, 2);
    answer(open(TWO));
    assertEquals(List.of("1 answered", "2 answered"), told);
    assertEquals(1, looks);
    assertTrue(routes.reaches(1), "who says where a slot is works");
  }

  @Example
  void aStepIsAskedOfTheNewServerOfASlotThatMovesAndTheNextOneOfTheOld() {
    comeUp();
    submit(1, 1);
    refuse(open(ONE), "ASK 1 two:2");
    assertTrue(open(TWO).calls.getFirst().asking());
    answer(open(TWO));
    submit(1, 2);
    assertFalse(open(ONE).calls.getFirst().asking());
    answer(open(ONE));
    assertEquals(List.of("1 answered", "2 answered"), told);
  }

  @Example
  void aServerThatNobodyKnewIsConnectedToWithinTheStepsTime() {
    comeUp();
    submit(1, 1);
    refuse(open(ONE), "MOVED 1 three:3");
    time.pass(MILLI);
    line(THREE).accept().last().answer().answered(List.of());
    time.pass(20 * MILLI);
    answer(open(THREE));
    assertEquals(List.of("1 answered"), told);
  }

  @Example
  void aServerThatCannotBeConnectedToFailsTheStepWhenItsTimeIsOver() {
    comeUp();
    submit(1, 1);
    refuse(open(ONE), "MOVED 1 three:3");
    time.pass(LIMIT - 1);
    assertEquals(List.of(), told);
    time.pass(1);
    assertEquals(List.of("1 NOT_SENT"), told);
  }

  @Example
  void aStepWhoseKeysAreInTwoPlacesIsTriedAgainUntilItsTimeIsOver() {
    comeUp();
    submit(1, 1);
    for (int i = 0; i < 5; i++) {
      refuse(open(ONE), "TRYAGAIN Multiple keys request during rehashing of slot");
      time.pass(16 * MILLI);
    }
    answer(open(ONE));
    submit(1, 2);
    long tries = 0;
    while (told.size() < 2) {
      if (!open(ONE).calls.isEmpty()) {
        tries++;
        refuse(open(ONE), "TRYAGAIN Multiple keys request during rehashing of slot");
      }
      time.pass(MILLI);
    }
    assertEquals(List.of("1 answered", "2 NOT_SENT"), told);
    assertTrue(tries > 5 && tries < 30, () -> "bounded, and not at once again");
    assertTrue(routes.isUp(), "it says nothing against the server");
  }

  @Example
  void stepsWhoseKeysAreInTwoPlacesAreTriedEachForItself() {
    comeUp();
    for (int i = 1; i <= 4; i++) {
      submit(1, i);
    }
    answer(open(ONE));
    answer(open(ONE));
    assertEquals(2, open(ONE).calls.getFirst().items().size(), "3 and 4 have waited");
    refuse(open(ONE), "TRYAGAIN Multiple keys request during rehashing of slot");
    submit(1, 5);
    submit(1, 6);
    time.pass(MILLI);
    answer(open(ONE));
    answer(open(ONE));
    assertEquals(List.of(1, 1), open(ONE).calls.stream().map(call -> call.items().size()).toList());
    refuse(open(ONE), "ASK 1 two:2");
    answer(open(ONE));
    answer(open(TWO));
    assertEquals(6, told.size());
    assertTrue(told.stream().allMatch(words -> words.endsWith("answered")), told::toString);
  }

  @Example
  void aSlotThatGoesInCirclesFailsTheStep() {
    comeUp();
    submit(1, 1);
    for (int i = 0; i < 6; i++) {
      refuse(open(i % 2 == 0 ? ONE : TWO), "MOVED 1 " + (i % 2 == 0 ? "two:2" : "one:1"));
    }
    assertEquals(List.of("1 NOT_SENT"), told);
  }

  @Example
  void aServerThatHangsHoldsUpNoOtherAndIsLeftForItsOwnSlots() {
    comeUp();
    for (int i = 0; i < 12; i++) {
      submit(1, i);
    }
    submit(HALF, 20);
    answer(open(TWO));
    assertEquals(List.of("20 answered"), told);
    time.pass(LIMIT);
    routes.distrust(1, new IllegalStateException("late"));
    assertFalse(routes.reaches(1));
    assertTrue(routes.reaches(HALF));
    submit(HALF, 21);
    answer(open(TWO));
    assertTrue(told.contains("21 answered"));
    assertEquals(1, routes.state().up());
    assertTrue(routes.state().why().startsWith("one:1: "), routes.state().why());
  }

  @Example
  void theSlotsOfAMasterThatWasReplacedGoToTheNewOne() {
    comeUp();
    submit(1, 1);
    open(ONE).end();
    assertEquals(List.of("1 FAILED"), told);
    assertTrue(looks > 0);
    time.turn(() -> routes.seen(halves(THREE, TWO)));
    comeUp(THREE);
    submit(1, 2);
    answer(open(THREE));
    assertEquals(List.of("1 FAILED", "2 answered"), told);
    assertEquals(2, routes.state().links());
    time.pass(2 * LIMIT);
    assertEquals(0, line(ONE).lines.stream().filter(line -> !line.closed).count());
  }

  @Example
  void whileSomethingIsWrongItLooksAgainAndAgain() {
    comeUp();
    assertEquals(0, looks);
    open(ONE).end();
    int before = looks;
    time.pass(1_000 * MILLI);
    assertTrue(looks >= before + 3);
  }

  @Example
  void slotsThatNobodyHasAreSaid() {
    time.turn(() ->
        routes.seen(
            new Topology(List.of(new Topology.Range(0, HALF - 1, ONE, List.of())), 1, true)));
    line(ONE).accept().last().answer().answered(fleetAnswer());
    assertEquals("nobody has 8192 of the Cluster's slots", routes.state().why());
    submit(HALF, 1);
    assertEquals(List.of("1 NOT_SENT"), told);
  }
}
