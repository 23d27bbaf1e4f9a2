package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Our figure over a peer's, taken round by round, or the reason why there is none. */
sealed interface Ratio {

  /** Fewer rounds differ too much here: the same binary may be twice as fast in the next one. */
  int LEAST_ROUNDS = 5;

  /** The ratios of the rounds, summed up. */
  record Of(Spread spread) implements Ratio {}

  /** No ratio. */
  record Refused(String why) implements Ratio {}

  /**
   * Divides the figures of the same round; a round in which one of both is missing does not count.
   *
   * @param ours by the number of the round
   * @param theirs by the number of the round
   */
  static Ratio paired(Map<Integer, Double> ours, Map<Integer, Double> theirs) {
    List<Double> ratios = new ArrayList<>();
    ours.forEach((round, figure) -> {
      Double other = theirs.get(round);
      if (other != null && other > 0) {
        ratios.add(figure / other);
      }
    });
    return ratios.size() < LEAST_ROUNDS
        ? new Refused("none from fewer than " + LEAST_ROUNDS + " rounds, had " + ratios.size())
        : new Of(Spread.of(ratios));
  }

  /** The spread with two decimals, or the reason. */
  default String text() {
    return switch (this) {
      case Of of -> of.spread().text(2);
      case Refused refused -> refused.why();
    };
  }
}
