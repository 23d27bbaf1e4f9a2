package io.tollgate.server.limits;

import static io.tollgate.server.limits.Bench.all;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the API's namespaces when a process dies, shares its folder or has no room. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class CrashIT {

  private static final int CRASHES = Boolean.getBoolean("tollgate.long") ? 100 : 12;

  @TempDir Path folder;

  private Bench bench;

  @BeforeEach
  void bench() {
    bench = new Bench(folder);
  }

  /** What lies in the data folder; nothing when a crash came before it was made. */
  private List<String> names() throws IOException {
    if (!Files.exists(bench.data)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(bench.data)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatWasAnsweredSurvivesACrashAtAnyMomentAndNothingElseIsThere() throws IOException {
    int done = 0;
    int cut = 0;
    for (int crash = 0; crash < CRASHES; crash++) {
      Random random = new Random(crash);
      int answered = done;
      try (LimitsChild child = LimitsChild.start(folder)) {
        child.tell("from " + done);
        for (int i = random.nextInt(20); i > 0; i--) {
          assertTrue(child.line().matches("(Written|Deleted|NotFound) \\."), "crash " + crash);
          answered++;
        }
        spin(random.nextInt(20_000_000));
        child.kill();
        while (child.line().endsWith(" .")) {
          answered++;
        }
      }
      cut += Files.exists(bench.data.resolve("namespaces.json.tmp")) ? 1 : 0;
      try (LimitsInForce limits = bench.openBuiltIn()) {
        String found = all(limits);
        String one = Operations.after(answered);
        String more = Operations.after(answered + 1);
        assertTrue(found.equals(one) || found.equals(more), found + " after crash " + crash);
        done = found.equals(one) ? answered : answered + 1;
        assertEquals(List.of(), bench.told());
        assertTrue(names().stream().noneMatch(name -> name.endsWith(".tmp")), "crash " + crash);
      }
    }
    System.out.println("CrashIT: " + done + " changes, " + CRASHES + " crashes, " + cut + " cut");
    assertTrue(done > CRASHES, "only " + done + " changes");
  }

  /** A crash is a moment that a test chooses badly; this is what matters of it. */
  private static void spin(long nanos) {
    long begun = System.nanoTime();
    while (System.nanoTime() - begun < nanos) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aSecondProcessServesWhatItReadAndTakesOverWhenTheFirstIsGone() throws IOException {
    try (LimitsChild first = LimitsChild.start(folder)) {
      assertEquals("Written .", first.ask("put a 1"));
      try (LimitsInForce second = bench.openBuiltIn()) {
        String inUse = "another server keeps its namespaces in " + bench.data;
        String fix = "give this server a folder of its own in TOLLGATE_DATA_DIR";
        assertEquals(List.of(inUse + "; " + fix), bench.told());
        assertEquals("*=100 a=1", all(second));
        assertEquals(new Change.Unavailable(inUse, fix), second.put("b", Bench.json(2)));
        assertEquals(new Change.Unavailable(inUse, fix), second.delete("a"));
        assertEquals("Written .", first.ask("put c 3"));
        assertEquals("*=100 a=1", all(second));

        first.kill();
        assertEquals("", first.line());
        // The system gives a dead process's locks up when it is reaped, which is soon.
        Change change = second.put("b", Bench.json(2));
        for (int i = 0; i < 1_000 && change instanceof Change.Unavailable; i++) {
          spin(1_000_000);
          change = second.put("b", Bench.json(2));
        }
        assertInstanceOf(Change.Written.class, change);
        assertEquals("*=100 a=1 b=2 c=3", all(second));
        assertEquals(3, second.state().apiNamespaces());
      }
    }
  }

  @Test
  void twoThatStartEmptyDoNotOverwriteEachOther() throws IOException {
    try (LimitsChild other = LimitsChild.start(folder);
        LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals("Written .", other.ask("put a 1"));
      assertInstanceOf(Change.Unavailable.class, limits.put("b", Bench.json(2)));
      assertInstanceOf(Change.Unavailable.class, limits.delete("a"));
      assertEquals("*=100", all(limits));
      assertEquals("Written .", other.ask("put c 1"));
    }
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertEquals("*=100 a=1 c=1", all(limits));
    }
  }

  /** A bound on the size of files cuts a write in its middle, as a full disk does. */
  @Test
  void aWriteThatFindsNoRoomChangesNothing() throws IOException {
    String[] small = {"/bin/sh", "-c", "ulimit -f 400 && exec \"$@\"", "sh"};
    try (LimitsChild child = LimitsChild.start(folder, small)) {
      assertEquals("Written .", child.ask("put a 1"));
      assertEquals("Written .", child.ask("large b 2"));
      int written = 1;
      String answer = child.ask("large c1 1");
      while (answer.equals("Written .")) {
        written++;
        answer = child.ask("large c" + written + " 1");
      }
      assertTrue(answer.startsWith("Unavailable cannot be kept: "), answer);
      assertTrue(answer.contains("too large"), answer);
      assertEquals(List.of("lock", "namespaces.json"), names());
      assertEquals("NotFound .", child.ask("delete c" + written));
      assertEquals("Deleted .", child.ask("delete b"));
      assertEquals("Written .", child.ask("put d 4"));
    }
    try (LimitsInForce limits = bench.openBuiltIn()) {
      assertTrue(all(limits).startsWith("*=100 a=1 "), all(limits));
      assertTrue(all(limits).endsWith(" d=4"), all(limits));
    }
  }
}
