package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What wrk and h2load print, and the arguments of the program. */
class ClosedTest {

  private static final String WRK =
      """
      Running 2s test @ http://127.0.0.1:18780/
        1 threads and 64 connections
        216384 requests in 2.00s, 60.05MB read
        Socket errors: connect 1, read 2, write 3, timeout 4
      Requests/sec: 108091.60
      tollgate answers=216384 micros=2001859 errors=10
      """;

  private static final String H2LOAD =
      """
      progress: 100% done

      finished in 2.01s, 88344.00 req/s, 16.18MB/s
      requests: 176688 total, 176752 started, 176688 done, 176680 succeeded, 8 failed, 7 errored, \
      1 timeout
      status codes: 176688 2xx, 0 3xx, 0 4xx, 0 5xx
      """;

  @Test
  void wrkIsReadByTheLineOfOurScript() {
    assertEquals(new Closed(216_384, 2.001859, 10), Closed.ofWrk(WRK));
  }

  @Test
  void h2loadIsReadByItsSummary() {
    Closed closed = Closed.ofH2load(H2LOAD);
    assertEquals(new Closed(176_680, 2.01, 8), closed);
    assertEquals(176_680 / 2.01, closed.perSecond(), 1e-6);
  }

  @Test
  void h2loadChoosesItsUnits() {
    assertEquals(0.5, Closed.ofH2load(H2LOAD.replace("2.01s", "500.00ms")).seconds(), 1e-9);
    assertEquals(90, Closed.ofH2load(H2LOAD.replace("2.01s", "1.50m")).seconds(), 1e-9);
  }

  @Test
  void outputWithoutSummaryIsShown() {
    var e = assertThrows(IllegalArgumentException.class, () -> Closed.ofWrk("unable to connect\n"));
    assertEquals("no summary of wrk in: unable to connect\n", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Closed.ofH2load(WRK));
  }

  @Test
  void argumentsAreReadInTheirOrder() {
    Plan plan = Plan.of(List.of("7", "3", "/opt/tollgate", "report.md", "-"));
    assertEquals(7, plan.rounds());
    assertEquals(6, plan.warmSeconds());
    assertEquals(3, plan.againSeconds());
    assertEquals("/opt/tollgate", plan.launcher().toString());
    assertEquals(true, plan.throttlecrab().isEmpty());
  }

  @Test
  void wrongArgumentsAreNamedWithTheirBounds() {
    var few = assertThrows(IllegalArgumentException.class, () -> Plan.of(List.of("7")));
    assertEquals("usage: ROUNDS SECONDS LAUNCHER REPORT [THROTTLECRAB|-]", few.getMessage());
    var text =
        assertThrows(
            IllegalArgumentException.class, () -> Plan.of(List.of("7", "x", "a", "b", "-")));
    assertEquals("SECONDS is 'x'; give a whole number", text.getMessage());
    var many =
        assertThrows(IllegalArgumentException.class, () -> Plan.of(List.of("101", "1", "a", "b")));
    assertEquals("ROUNDS is 101; give a whole number from 1 to 100", many.getMessage());
  }
}
