package io.tollgate.checks;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/** Order of versions such as {@code 4.2.18.Final}, {@code 1.85}, {@code 2.0.0-rc1}. */
final class Versions {
  private static final Pattern PRE_RELEASE =
      Pattern.compile("(?i)(alpha|beta|rc|cr|m|ea|pre|snapshot).*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private Versions() {}

  /** Numbers by value; a missing one is 0; a pre-release comes before its release. */
  static int compare(String left, String right) {
    List<String> leftParts = parts(left);
    List<String> rightParts = parts(right);
    for (int i = 0; i < Math.max(leftParts.size(), rightParts.size()); i++) {
      int order = value(leftParts, i).compareTo(value(rightParts, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static List<String> parts(String version) {
    return List.of(version.split("[.-]"));
  }

  /** A word counts as 0, like nothing; a word for a pre-release as less. */
  private static BigInteger value(List<String> parts, int index) {
    if (index >= parts.size()) {
      return BigInteger.ZERO;
    }
    String part = parts.get(index);
    if (NUMBER.matcher(part).matches()) {
      return new BigInteger(part);
    }
    return PRE_RELEASE.matcher(part).matches() ? BigInteger.ONE.negate() : BigInteger.ZERO;
  }
}
