package io.tollgate.server.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tollgate.server.observe.PromQl.Condition;
import io.tollgate.server.observe.PromQl.Selector;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which names of an expression are metrics, labels, or neither. */
class PromQlTest {

  @Test
  void functionsOperatorsDurationsAndNumbersAreNoMetrics() {
    PromQl read =
        PromQl.of(
            """
            # a_comment
            histogram_quantile(0.99, sum by (job, le) (rate(a_bucket[5m]))) > 1e3
              and on (job) b:c_d:rate5m offset 1d unless ignoring(x) e * on(y) group_left f
              or sum(g) without (z) == bool 0x10 or topk(3, h) > inf
            """);
    assertEquals(
        List.of("a_bucket", "b:c_d:rate5m", "e", "f", "g", "h"),
        read.selectors().stream().map(Selector::metric).toList());
    assertEquals(Set.of("job", "le", "x", "y", "z"), read.grouped());
  }

  @Test
  void whatStandsInBracesIsAskedOfTheLabelsOfThatMetric() {
    PromQl read = PromQl.of("a{b=\"c{d}\", e=~'f|g',h!~`i`,} / b{j!=\"k \\\" (\"}[5m]");
    assertEquals(
        List.of(
            new Selector(
                "a",
                List.of(
                    new Condition("b", "=", "c{d}"),
                    new Condition("e", "=~", "f|g"),
                    new Condition("h", "!~", "i"))),
            new Selector("b", List.of(new Condition("j", "!=", "k \\\" (")))),
        read.selectors());
  }

  @Test
  void aMetricWithoutItsNameInFrontIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> PromQl.of("sum({__name__=\"a\"})"));
  }
}
