package io.tollgate.limiter.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.limiter.testing.Algorithms;
import io.tollgate.limiter.testing.HandClock;
import io.tollgate.limiter.testing.MemoryStores;
import io.tollgate.limiter.testing.Walk;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What the cache denies, the store would deny in the same words; and it denies all it may. */
class DenialCachePropertyTest {

  private static final Realm REALM = Realm.live("test");
  private static final int STEPS = 60;
  private static final long LIFE_NANOS = 250_000_000;
  private static final long NOTHING = Long.MAX_VALUE;

  @Provide
  Arbitrary<List<Limit>> limits() {
    var shadow = Arbitraries.frequency(Tuple.of(4, false), Tuple.of(1, true));
    return Combinators.combine(Algorithms.all(), shadow)
        .as((algorithm, watches) -> new Limit("limit", algorithm, watches))
        .list()
        .ofMinSize(1)
        .ofMaxSize(3);
  }

  @Property
  void answerIsTheStoresOwnWhileItWouldDeny(
      @ForAll("limits") List<Limit> limits, @ForAll long seed) {
    Loop loop = new Loop(limits, seed);
    for (int i = 0; i < STEPS; i++) {
      loop.pass();
      loop.askAtOnce();
    }
  }

  @Property
  void denialIsNeverRepeatedWhereTheStoreWouldAdmitHoweverLateTheAnswer(
      @ForAll("limits") List<Limit> limits, @ForAll long seed) {
    Loop loop = new Loop(limits, seed);
    for (int i = 0; i < 4 * STEPS; i++) {
      loop.passOrAskOrHear();
      long cost = loop.cost();
      boolean passes = loop.truth(cost).allowed();
      assertFalse(loop.cache.answers(loop.ask(new CheckBuffer(), cost), loop.nanos) && passes);
    }
  }

  /** A question on its way, or its answer. */
  private record Sent(CheckBuffer question, long begun, long nanos) {}

  /** A loop with its cache, and the store that it asks. */
  private static final class Loop {

    final HandClock clock = new HandClock();
    final MemoryStore store = MemoryStores.roomy(clock);
    final DenialCache.Epoch epoch = new DenialCache.Epoch();
    final DenialCache cache = new DenialCache(16, epoch);
    final CheckBuffer peeked = new CheckBuffer();
    final CheckBuffer asked = new CheckBuffer();
    final Queue<Sent> questions = new ArrayDeque<>();
    final Queue<Sent> answers = new ArrayDeque<>();
    final List<Limit> limits;
    final boolean hasLog;
    final Walk walk;
    long nanos;
    long deniedCost = NOTHING;
    long deniedNanos;

    Loop(List<Limit> limits, long seed) {
      this.limits = limits;
      this.hasLog = limits.stream().anyMatch(l -> l.algorithm() instanceof Algorithm.SlidingLog);
      this.walk = new Walk(limits.getFirst().algorithm(), seed);
      truth(0);
    }

    CheckBuffer ask(CheckBuffer buffer, long cost) {
      buffer.begin(REALM);
      for (int i = 0; i < limits.size(); i++) {
        buffer.add(limits.get(i), new LimitKey(1, i), "user", cost);
      }
      return buffer;
    }

    /** What the store would say now. */
    Decision truth(long cost) {
      ask(peeked, cost).explainOnly();
      store.check(peeked, _ -> {});
      return peeked.decision();
    }

    long cost() {
      return walk.cost(peeked.remaining(0));
    }

    /** The store's clock may be set back; what was known of its time is then void. */
    void pass() {
      if (walk.below(20) == 0) {
        clock.move(-walk.below(1_500_000));
        epoch.bump();
        deniedCost = NOTHING;
      } else {
        long micros = walk.coin() ? walk.pause() : walk.below(100_000);
        clock.move(micros);
        nanos += 1_000 * micros;
      }
    }

    void askAtOnce() {
      long cost = cost();
      Decision truth = truth(cost);
      boolean young = nanos - deniedNanos < LIFE_NANOS;
      boolean known = !truth.allowed() && cost >= deniedCost && young && !hasLog;
      assertEquals(known, cache.answers(ask(asked, cost), nanos));
      if (!known) {
        askStore(cost);
      }
      if (!truth.allowed()) {
        assertEquals(truth, asked.decision());
      }
    }

    private void askStore(long cost) {
      long begun = cache.begin();
      store.check(asked, _ -> {});
      cache.answered(asked, begun, nanos);
      if (!asked.allowed()) {
        deniedCost = cost;
        deniedNanos = nanos;
      } else if (cost > 0) {
        deniedCost = NOTHING;
      }
    }

    /** Others ask too, while questions and answers are on their way. */
    void passOrAskOrHear() {
      switch ((int) walk.below(5)) {
        case 0 -> passUneven();
        case 1 -> store.check(ask(new CheckBuffer(), cost()), _ -> {});
        case 2 -> questions.add(new Sent(ask(new CheckBuffer(), cost()), cache.begin(), nanos));
        case 3 -> {
          if (!questions.isEmpty()) {
            Sent arrived = questions.remove();
            store.check(arrived.question, _ -> {});
            answers.add(arrived);
          }
        }
        default -> {
          if (!answers.isEmpty()) {
            Sent heard = answers.remove();
            cache.answered(heard.question, heard.begun, heard.nanos);
          }
        }
      }
    }

    /** By no whole number of microseconds, of which the store's clock shows the whole ones. */
    private void passUneven() {
      nanos += walk.coin() ? 1_000 * walk.pause() + walk.below(1_000) : walk.below(50_000_000);
      clock.moveTo(HandClock.START + nanos / 1_000);
    }
  }
}
