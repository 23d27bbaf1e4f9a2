package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.server.doctor.Finding.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Finding WELL = Finding.ok("a", "x");
  private static final Finding WARNING = Finding.warning("b", "y\n", "do \"this\"");
  private static final Finding WRONG = Finding.wrong("a long name of a check", "z", "do that");

  @Test
  void theWorstFindingIsTheVerdict() {
    assertEquals(Verdict.OK, new Report(List.of()).verdict());
    assertEquals(Verdict.OK, new Report(List.of(WELL)).verdict());
    assertEquals(Verdict.WARNING, new Report(List.of(WARNING, WELL)).verdict());
    assertEquals(Verdict.WRONG, new Report(List.of(WELL, WRONG, WARNING)).verdict());
  }

  @Test
  void peopleReadALineForEachWithItsFixBelow() {
    assertEquals(
        """
        ok       a               x
        warning  b               y\\n
                                 -> do "this"
        wrong    a long name of a check z
                                 -> do that
        1 thing wrong, 1 warning.
        """,
        new Report(List.of(WELL, WARNING, WRONG)).text());
    assertEquals("ok       a               x\nAll is well.\n", new Report(List.of(WELL)).text());
  }

  @Test
  void programsReadOneLine() {
    assertEquals(
        "{\"verdict\":\"warning\",\"findings\":["
            + "{\"check\":\"a\",\"verdict\":\"ok\",\"text\":\"x\"},"
            + "{\"check\":\"b\",\"verdict\":\"warning\",\"text\":\"y\\\\n\","
            + "\"fix\":\"do \\\"this\\\"\"}]}\n",
        new Report(List.of(WELL, WARNING)).json());
  }
}
