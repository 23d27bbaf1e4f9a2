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

  /** One figure over another one of the same round, whosever they are. */
  record Across(String text, Figure one, Figure other, boolean least, double bound)
      implements Aim {}

  /** A figure of whom the report calls so. */
  record Figure(String name, Metric metric) {}

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
          verdict(
              against.text,
              results.ratio(ours, against.peer, against.metric),
              against.least,
              against.bound);
      case Across across ->
          verdict(
              across.text,
              Ratio.paired(
                  results.of(across.one.name, across.one.metric),
                  results.of(across.other.name, across.other.metric)),
              across.least,
              across.bound);
      case Below below -> {
        Optional<Spread> spread = results.spread(ours, below.metric);
        yield new Verdict(
            below.text,
            spread.map(s -> s.text(below.metric.decimals())).orElse("not measured"),
            spread.map(s -> s.median() < below.bound ? "yes" : "no").orElse("not said"));
      }
    };
  }

  private static Verdict verdict(String text, Ratio ratio, boolean least, double bound) {
    return switch (ratio) {
      case Ratio.Refused refused -> new Verdict(text, refused.why(), "not said");
      case Ratio.Of of -> {
        double median = of.spread().median();
        boolean reached = least ? median >= bound : median <= bound;
        yield new Verdict(text, of.text(), reached ? "yes" : "no");
      }
    };
  }
}
