package io.tollgate.limiter.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.FixedWindow;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Scene;
import io.tollgate.limiter.testing.Walk;
import io.tollgate.limiter.testing.WithAlgorithms;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Every answer of every algorithm is the one that its naive model finds by searching. */
class ModelPropertyTest extends WithAlgorithms {

  private static final String USER = "user_123";
  private static final int STEPS = 40;
  private static final long DAY = 86_400_000_000L;
  private static final long YEAR_2090 = 3_786_912_000_000_000L;

  @Provide
  Arbitrary<Algorithm> calendars() {
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    Arbitrary<Period> periods =
        Arbitraries.of(new Period.Span(DAY), new Period.Span(7 * DAY), Period.MONTH);
    return Arbitraries.randomValue(random ->
        new FixedWindow(
            1 + random.nextInt(20),
            periods.generator(10).next(random).value(),
            new Alignment.Calendar(ZoneId.of(zones.get(random.nextInt(zones.size()))))));
  }

  @Property
  void bucketsAnswerAsRationalGcraDoes(@ForAll("buckets") Algorithm algorithm, @ForAll long seed) {
    walk(algorithm, seed, HandClock.START);
  }

  @Property
  void queuesAnswerAsRationalGcraDoes(@ForAll("queues") Algorithm algorithm, @ForAll long seed) {
    walk(algorithm, seed, HandClock.START);
  }

  @Property
  void windowsAnswerAsAListOfChargesDoes(
      @ForAll("windows") Algorithm algorithm, @ForAll long seed) {
    walk(algorithm, seed, HandClock.START);
  }

  /** Steps of up to some weeks, so that walks cross months, clock changes and leap days. */
  @Property
  void calendarWindowsAnswerAsTheCivilDateDoes(
      @ForAll("calendars") Algorithm algorithm,
      @ForAll long seed,
      @ForAll @LongRange(min = HandClock.START, max = YEAR_2090) long start) {
    walk(algorithm, seed, start);
  }

  private static void walk(Algorithm algorithm, long seed, long start) {
    Scene scene = Scene.of(MemoryStores::roomy, algorithm);
    scene.clock.moveTo(start);
    Model model = Models.of(algorithm);
    Walk walk = new Walk(algorithm, seed);
    long calendarStep = algorithm.periodMicros() == 0 ? 10 * DAY : 1;
    for (int i = 0; i < STEPS && scene.clock.reaches(0); i++) {
      scene.clock.move(walk.pause() + walk.below(calendarStep));
      long cost = walk.cost(model.remaining(tickOf(scene, algorithm)));
      requireSame(scene, algorithm, model, cost);
    }
  }

  private static long tickOf(Scene scene, Algorithm algorithm) {
    return algorithm.kernel().tick().ofMicros(scene.clock.nowMicros());
  }

  private static void requireSame(Scene scene, Algorithm algorithm, Model model, long cost) {
    long tick = tickOf(scene, algorithm);
    long capacity = model.capacity();
    boolean admits = cost == 0 || (cost <= capacity && model.admits(tick, cost));
    long wait = admits || cost > capacity ? 0 : model.leastWait(tick, cost);
    if (admits && cost > 0) {
      model.charge(tick, cost);
    }
    Decision decision = scene.check(USER, cost);
    LimitReport report = decision.limits().getFirst();
    assertEquals(admits, decision.allowed());
    assertEquals(model.remaining(tick), report.remaining());
    OptionalLong retry =
        cost > capacity
            ? OptionalLong.empty()
            : OptionalLong.of(micros(scene, algorithm, tick + wait));
    assertEquals(retry, report.retryAfterMicros());
    long reset = micros(scene, algorithm, tick + model.resetAfter(tick));
    assertEquals(scene.clock.nowMicros() + reset, report.resetAtMicros());
    if (model instanceof Models.RationalGcra gcra && admits && cost > 0) {
      assertEquals(micros(scene, algorithm, tick + gcra.delay(tick)), decision.delayMicros());
    }
  }

  /** The wait from now until a tick begins; times end with 2^53 − 1 µs. */
  private static long micros(Scene scene, Algorithm algorithm, long tick) {
    long size = algorithm.kernel().tick().micros();
    long at = tick > Exact.MAX / size ? Exact.MAX : tick * size;
    return Math.max(0, at - scene.clock.nowMicros());
  }
}
