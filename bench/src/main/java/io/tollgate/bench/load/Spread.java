package io.tollgate.bench.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * What several rounds gave.
 *
 * @param median of an even number, the mean of the two in the middle
 * @param least the smallest
 * @param most the largest
 * @param rounds how many there were, at least 1
 */
record Spread(double median, double least, double most, int rounds) {

  /**
   * Sums rounds up.
   *
   * @throws IllegalArgumentException when there is none, or one is not a finite number
   */
  static Spread of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no rounds to sum up");
    }
    if (!Arrays.stream(sorted).allMatch(Double::isFinite)) {
      throw new IllegalArgumentException("not a measured value in " + values);
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** Median, least and most, with so many decimals. */
  String text(int decimals) {
    String number = "%,." + decimals + "f";
    return String.format(
        Locale.ROOT, number + " (" + number + " - " + number + ")", median, least, most);
  }
}
