package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SpreadTest {

  private static Map<Integer, Double> rounds(double... figures) {
    Map<Integer, Double> rounds = new TreeMap<>();
    for (double figure : figures) {
      rounds.put(rounds.size(), figure);
    }
    return rounds;
  }

  @Test
  void medianOfAnOddNumberIsTheMiddleOne() {
    assertEquals(new Spread(3, 1, 9, 3), Spread.of(List.of(9.0, 1.0, 3.0)));
  }

  @Test
  void medianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertEquals(new Spread(3.5, 1, 9, 4), Spread.of(List.of(9.0, 4.0, 1.0, 3.0)));
  }

  @Test
  void nothingAndNoNumberHaveNoSpread() {
    assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of(1.0, Double.NaN)));
    assertThrows(
        IllegalArgumentException.class, () -> Spread.of(List.of(Double.POSITIVE_INFINITY)));
  }

  @Test
  void textHasLeastAndMostAndLooksTheSameEverywhere() {
    assertEquals("2.50 (1.00 - 4,000.00)", new Spread(2.5, 1, 4_000, 5).text(2));
  }

  @Test
  void ratioIsTakenRoundByRound() {
    // The medians' ratio would be 3 / 10.
    Ratio ratio = Ratio.paired(rounds(1, 2, 3, 4, 50), rounds(10, 4, 3, 8, 100));
    Spread spread = assertInstanceOf(Ratio.Of.class, ratio).spread();
    assertEquals(new Spread(0.5, 0.1, 1, 5), spread);
  }

  @Test
  void fourRoundsGiveNoRatio() {
    Ratio ratio = Ratio.paired(rounds(1, 2, 3, 4), rounds(1, 2, 3, 4));
    assertEquals(
        "none from fewer than 5 rounds, had 4", assertInstanceOf(Ratio.Refused.class, ratio).why());
  }

  @Test
  void aVoidRoundOfOneSideCountsForNeither() {
    Map<Integer, Double> theirs = rounds(1, 1, 1, 1, 1, 1);
    theirs.remove(2);
    Ratio ratio = Ratio.paired(rounds(2, 2, 9, 2, 2, 2), theirs);
    assertEquals(new Ratio.Of(new Spread(2, 2, 2, 5)), ratio);
    theirs.remove(3);
    assertInstanceOf(Ratio.Refused.class, Ratio.paired(rounds(2, 2, 9, 2, 2, 2), theirs));
  }

  @Test
  void figuresOfNothingGiveNoRatio() {
    assertTrue(Ratio.paired(rounds(1, 1, 1, 1, 1), rounds(0, 0, 0, 0, 0)) instanceof Ratio.Refused);
  }
}
