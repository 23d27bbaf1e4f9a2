package io.tollgate.limiter.catalog;

import io.tollgate.limiter.algorithm.InvalidLimitException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Further limits for some endpoints.
 *
 * @param match a method and a path, such as {@code POST /exports*}, or a path for all methods;
 *     {@code *} stands for any run of characters
 * @param limits what applies beside the namespace's limits
 */
public record EndpointSpec(String match, List<LimitSpec> limits) {

  private static final Pattern FORM = Pattern.compile("([A-Z*]{1,16} )?[/*][^\\s]{0,1023}");

  /** Validates the form of the match. */
  public EndpointSpec {
    if (!FORM.matcher(match).matches()) {
      throw new InvalidLimitException(
          "match",
          "'" + match + "' is not an endpoint",
          "write a method and a path, such as 'POST /exports*', or a path that begins with /");
    }
    limits = List.copyOf(limits);
  }

  Glob glob() {
    return new Glob(match.indexOf(' ') < 0 ? "* " + match : match);
  }
}
