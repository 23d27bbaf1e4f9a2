package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is read of {@code /proc}. */
class ProcessFilesTest {

  private static final String AFTER_NAME =
      " S 1 42 42 0 -1 4194304 1000 0 3 0 250 125 7 8 20 0 5 0 1234 56789 321 0 0 0";

  @Test
  void processorTimeIsUserAndSystem() {
    CpuTime time = CpuTime.parse("42 (nginx)" + AFTER_NAME);
    assertEquals(new CpuTime(250, 125), time);
    assertEquals(3_750_000, time.micros());
    assertEquals(100.0 / 3, time.systemPercent(), 1e-9);
  }

  @Test
  void commandNamesMayHoldBlanksAndParentheses() {
    assertEquals(new CpuTime(250, 125), CpuTime.parse("42 (a b) R (c))" + AFTER_NAME));
    assertEquals(new CpuTime(250, 125), CpuTime.parse("42 ())" + AFTER_NAME + "\n"));
  }

  @Test
  void otherTextIsNoProcessorTime() {
    assertThrows(IllegalArgumentException.class, () -> CpuTime.parse(""));
    assertThrows(IllegalArgumentException.class, () -> CpuTime.parse("42 (nginx) S 1 42"));
  }

  @Test
  void timeSinceAnEarlierReadingIsTheDifference() {
    CpuTime used = new CpuTime(30, 12).since(new CpuTime(10, 2));
    assertEquals(new CpuTime(20, 10), used);
    assertEquals(0, used.since(used).systemPercent());
  }

  @Test
  void memoryIsReadByTheNamesOfItsFields() {
    String status = "Name:\tjava\nVmHWM:\t  999 kB\nVmRSS:\t   74568 kB\nRssAnon:\t   50000 kB\n";
    String rollup = "00400000-7fff rollup\nRss: 74000 kB\nPss: 60000 kB\nPss_Anon: 1 kB\n";
    assertEquals(
        new Memory(74_568, 60_000, 50_000),
        Memory.parse(status, rollup.replace("Pss: ", "Pss:                ")));
    assertThrows(IllegalArgumentException.class, () -> Memory.parse(status, "Rss: 1 kB\n"));
  }

  @Test
  void megabytesAreMillionsOfBytes() {
    assertEquals(1.024, Memory.megabytes(1_000), 1e-9);
  }

  @Test
  void ownFilesOfProcCanBeRead() throws IOException {
    List<Long> self = List.of(ProcessHandle.current().pid());
    assertTrue(CpuTime.of(self).micros() > 0);
    Memory memory = Memory.of(self);
    assertTrue(memory.resident() >= memory.anonymous() && memory.anonymous() > 0);
  }

  @Test
  void coresAreSingleNumbersAndRanges() {
    assertEquals(List.of(0, 1), Cores.parse("Cpus_allowed_list:\t0-1\n"));
    assertEquals(List.of(0, 4, 5, 6, 9), Cores.parse("a\nCpus_allowed_list:\t0,4-6,9\nb"));
    Cores cores = new Cores(List.of(3, 5, 7));
    assertEquals("3", cores.server());
    assertEquals("5", cores.generator());
    assertEquals("3,5,7", cores.all());
  }

  @Test
  void oneCoreIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> new Cores(List.of(0)));
    assertEquals(
        "this process may run on the cores [0]; server and generator need one each, so give it two",
        e.getMessage());
  }
}
