package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AimTest {

  private static final Aim LEAST =
      new Aim.Against("four times", Metric.PIPELINED_RATE, "nginx", true, 4);
  private static final Aim MOST = new Aim.Against("as cheap", Metric.CPU, "nginx", false, 1);
  private static final Aim BELOW = new Aim.Below("small", Metric.IDLE_RSS, 50);

  private final Results results = new Results();

  private void add(Metric metric, int rounds, double ours, double theirs) {
    for (int round = 0; round < rounds; round++) {
      results.add("tollgate", metric, round, ours);
      results.add("nginx", metric, round, theirs);
    }
  }

  private String reached(Aim aim) {
    return aim.judge("tollgate", results).reached();
  }

  @Test
  void aRatioAtItsBoundIsReached() {
    add(Metric.PIPELINED_RATE, 5, 4, 1);
    add(Metric.CPU, 5, 1, 1);
    assertEquals("yes", reached(LEAST));
    assertEquals("yes", reached(MOST));
  }

  @Test
  void aRatioOnTheWrongSideIsNotReached() {
    add(Metric.PIPELINED_RATE, 5, 3.99, 1);
    add(Metric.CPU, 5, 1.01, 1);
    assertEquals("no", reached(LEAST));
    assertEquals("no", reached(MOST));
  }

  @Test
  void figuresOfDifferentRowsAndPeersAreComparedByRound() {
    add(Metric.CPU, 5, 2, 8);
    add(Metric.RATE, 5, 3, 1);
    Aim.Figure theirs = new Aim.Figure("nginx", Metric.CPU);
    Aim.Figure ours = new Aim.Figure("tollgate", Metric.RATE);
    assertEquals("no", reached(new Aim.Across("a", ours, theirs, true, 0.5)));
    assertEquals("yes", reached(new Aim.Across("a", ours, theirs, false, 0.375)));
    Aim.Figure none = new Aim.Figure("nobody", Metric.RATE);
    assertEquals("not said", reached(new Aim.Across("a", ours, none, true, 0)));
  }

  @Test
  void fewerThanFiveRoundsSayNothingOfAPeer() {
    add(Metric.CPU, 4, 1, 2);
    Aim.Verdict verdict = MOST.judge("tollgate", results);
    assertEquals("not said", verdict.reached());
    assertEquals("none from fewer than 5 rounds, had 4", verdict.measured());
  }

  @Test
  void aFigureOfOursMustStayBelowItsBound() {
    add(Metric.IDLE_RSS, 3, 49.9, 0);
    assertEquals("yes", reached(BELOW));
    add(Metric.IDLE_RSS, 3, 50, 0);
    assertEquals("no", reached(BELOW));
  }

  @Test
  void whatWasNotMeasuredIsNotReached() {
    assertEquals("not said", reached(BELOW));
    assertEquals("not said", reached(MOST));
  }

  @Test
  void aVoidRoundIsNamedWithItsReason() {
    results.addVoid("nginx", 0, "wrk", "3 errors");
    assertEquals("nginx, round 1, wrk: void, 3 errors", results.voids().getFirst());
    assertTrue(results.spread("nginx", Metric.CPU).isEmpty());
  }
}
