package io.tollgate.bench.load;

import java.util.Optional;

/** What our server wants to reach. */
sealed interface Aim {

  /**
   * Our figure over a peer's.
   *
   * @param least whether the bound is the least that will do; else it is the most
   */
  record Against(String text, Metric metric, String peer, boolean least, double bound)
      implements Aim {}

  /** Our figure itself stays below a bound. */
  record Below(String text, Metric metric, double bound) implements Aim {}

  /**
   * Whether an aim was reached.
   *
   * @param measured the figure that was compared
   * @param reached yes, no, or that nothing can be said
   */
  record Verdict(String aim, String measured, String reached) {}

  /** Compares with what was measured. */
  default Verdict judge(String ours, Results results) {
    return switch (this) {
      case Against against ->
          switch (results.ratio(ours, against.peer, against.metric)) {
            case Ratio.Refused refused -> new Verdict(against.text, refused.why(), "not said");
            case Ratio.Of of -> {
              double ratio = of.spread().median();
              boolean reached = against.least ? ratio >= against.bound : ratio <= against.bound;
              yield new Verdict(against.text, of.text(), reached ? "yes" : "no");
            }
          };
      case Below below -> {
        Optional<Spread> spread = results.spread(ours, below.metric);
        yield new Verdict(
            below.text,
            spread.map(s -> s.text(below.metric.decimals())).orElse("not measured"),
            spread.map(s -> s.median() < below.bound ? "yes" : "no").orElse("not said"));
      }
    };
  }
}
