package io.tollgate.server.limits;

import static io.tollgate.server.limits.Bench.all;
import static io.tollgate.server.limits.Bench.settle;
import static io.tollgate.server.limits.Bench.yaml;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.server.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a changed file takes effect, and when it does not. */
class ReloadTest {

  @TempDir Path folder;

  private Bench bench;

  @BeforeEach
  void bench() {
    bench = new Bench(folder);
  }

  @Test
  void aChangedFileIsInForceAtTheSecondLookThatSeesIt() throws IOException {
    bench.write(yaml(1, "a", "b"));
    try (LimitsInForce limits = bench.openFile()) {
      settle(limits);
      assertEquals("a!=1 b!=1", all(limits));
      bench.write(yaml(22, "a", "c"));
      bench.now = bench.now.plusSeconds(9);
      limits.poll();
      assertEquals("a!=1 b!=1", all(limits));
      limits.poll();
      assertEquals("a!=22 c!=22", all(limits));
      assertEquals(List.of(bench.file + ": reloaded, namespaces: 2"), bench.told());
      settle(limits);
      assertEquals(List.of(), bench.told());
      Instant reloaded = Bench.START.plusSeconds(9);
      assertEquals(
          new LimitsState(true, reloaded, Bench.START, 0, Optional.empty(), 1, 0, 2, 0),
          limits.state());
    }
  }

  @Test
  void aFileThatIsWrongChangesNothingAndShowsUntilItIsRight() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      Catalog before = limits.catalog();
      bench.write(yaml(1, "a").replace("gcra", "gcar").replace(":1,", ":0,"));
      bench.now = bench.now.plusSeconds(5);
      settle(limits);
      assertSame(before, limits.catalog());
      String first = bench.file + ":3:43: algorithm: 'gcar' is not known; did you mean 'gcra'?";
      assertEquals(
          new LimitsState(
              false, Bench.START, Bench.START.plusSeconds(5), 2, Optional.of(first), 0, 1, 1, 0),
          limits.state());
      String told = String.join("|", bench.told());
      assertTrue(told.startsWith(first + "\n"), told);
      assertTrue(told.endsWith(bench.file + ": the limits before it stay"), told);

      bench.now = bench.now.plusSeconds(5);
      bench.write(yaml(3, "a"));
      settle(limits);
      assertEquals("a!=3", all(limits));
      Instant then = Bench.START.plusSeconds(10);
      assertEquals(
          new LimitsState(true, then, then, 0, Optional.empty(), 1, 1, 1, 0), limits.state());
    }
  }

  @Test
  void oneMistakeIsToldOnceHoweverOftenTheFileIsTouched() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      bench.write("version: 2\n");
      for (int i = 1; i < 5; i++) {
        Files.setLastModifiedTime(bench.file, FileTime.fromMillis(i * 1_000L));
        bench.now = bench.now.plusSeconds(1);
        settle(limits);
      }
      assertEquals(1, bench.told().size());
      assertEquals(1, limits.state().failedReloads());
      assertEquals(Bench.START.plusSeconds(1), limits.state().since());
    }
  }

  @Test
  void theTextInForceAgainIsNoReload() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      Catalog before = limits.catalog();
      Files.setLastModifiedTime(bench.file, FileTime.fromMillis(1_000));
      settle(limits);
      assertEquals(List.of(), bench.told());
      bench.write("version: 2\n");
      settle(limits);
      assertFalse(limits.state().valid());
      bench.told();
      bench.write(yaml(1, "a"));
      settle(limits);
      assertEquals(
          List.of(bench.file + ": holds again the limits that are in force"), bench.told());
      assertTrue(limits.state().valid());
      assertEquals(0, limits.state().reloads());
      assertSame(before, limits.catalog());
    }
  }

  @Test
  void aFileThatHasGoneLeavesItsLimitsAndComesBack() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      Files.delete(bench.file);
      settle(limits);
      assertEquals("a!=1", all(limits));
      assertEquals(
          Optional.of(bench.file + ": there is no such file; give the path of a limits file"),
          limits.state().firstProblem());
      bench.write(yaml(2, "a"));
      settle(limits);
      assertEquals("a!=2", all(limits));
      assertTrue(limits.state().valid());
    }
  }

  @Test
  void aFileThatIsGoneForAMomentIsNotMissed() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      Files.delete(bench.file);
      limits.poll();
      bench.write(yaml(2, "a"));
      settle(limits);
      assertEquals("a!=2", all(limits));
      assertEquals(0, limits.state().failedReloads());
    }
  }

  @Test
  void halfAFileIsNotTakenWhileItIsBeingWritten() throws IOException {
    String whole = yaml(2, "a", "b", "c");
    bench.write(yaml(1, "a", "b", "c"));
    try (LimitsInForce limits = bench.openFile()) {
      // Whole lines, so that what stands there so far is a good file with fewer namespaces.
      Files.writeString(bench.file, "");
      for (String line : whole.lines().toList()) {
        Files.writeString(bench.file, line + "\n", StandardOpenOption.APPEND);
        limits.poll();
        assertEquals("a!=1 b!=1 c!=1", all(limits));
      }
      limits.poll();
      assertEquals("a!=2 b!=2 c!=2", all(limits));
      assertEquals(0, limits.state().failedReloads());
      assertEquals(1, limits.state().reloads());
    }
  }

  @Test
  void aFileThatNeverRestsIsNotTakenButReportedAfterFiveSeconds() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      for (int look = 1; look <= 30; look++) {
        Files.writeString(bench.file, "# more\n", StandardOpenOption.APPEND);
        limits.poll();
        assertEquals(look < 20, limits.state().valid(), "look " + look);
      }
      assertEquals(
          List.of(
              bench.file
                  + ": does not come to rest; write it under another name, then rename it"
                  + "\n"
                  + bench.file
                  + ": the limits before it stay"),
          bench.told());
      limits.poll();
      assertTrue(limits.state().valid());
      assertEquals(1, limits.state().reloads());
    }
  }

  @Test
  void aFileRenamedOverTheOldOneIsSeenThoughSizeAndTimeAreEqual() throws IOException {
    bench.write(yaml(1, "a"));
    FileTime time = FileTime.fromMillis(5_000);
    Files.setLastModifiedTime(bench.file, time);
    try (LimitsInForce limits = bench.openFile()) {
      Path other = Files.writeString(folder.resolve("limits.yaml.new"), yaml(2, "a"));
      Files.setLastModifiedTime(other, time);
      Files.move(other, bench.file, StandardCopyOption.REPLACE_EXISTING);
      settle(limits);
      assertEquals("a!=2", all(limits));
    }
  }

  @Test
  void aChangeOfTheLengthAloneIsSeen() throws IOException {
    bench.write(yaml(1, "a"));
    FileTime time = FileTime.fromMillis(5_000);
    Files.setLastModifiedTime(bench.file, time);
    try (LimitsInForce limits = bench.openFile()) {
      bench.write(yaml(10, "a"));
      Files.setLastModifiedTime(bench.file, time);
      settle(limits);
      assertEquals("a!=10", all(limits));
    }
  }

  /** As Kubernetes swaps a ConfigMap: the file is a link into a folder that is a link. */
  @Test
  void aSwappedLinkIsAChangeOfTheFileBehindIt() throws IOException {
    for (int i = 1; i <= 2; i++) {
      Path version = Files.createDirectory(folder.resolve("v" + i));
      Files.writeString(version.resolve("limits.yaml"), yaml(i, "a"));
      Files.setLastModifiedTime(version.resolve("limits.yaml"), FileTime.fromMillis(5_000));
    }
    Path current = folder.resolve("..data");
    Files.createSymbolicLink(current, Path.of("v1"));
    Files.createSymbolicLink(bench.file, Path.of("..data", "limits.yaml"));
    try (LimitsInForce limits = bench.openFile()) {
      assertEquals("a!=1", all(limits));
      Path next = Files.createSymbolicLink(folder.resolve("..data_tmp"), Path.of("v2"));
      Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
      settle(limits);
      assertEquals("a!=2", all(limits));
    }
  }

  @Test
  void aFolderInItsPlaceChangesNothing() throws IOException {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits = bench.openFile()) {
      Files.delete(bench.file);
      Files.createDirectory(bench.file);
      settle(limits);
      assertEquals("a!=1", all(limits));
      assertTrue(limits.state().firstProblem().orElseThrow().contains("is a folder"));
    }
  }

  @Test
  void aFileThatIsWrongAtTheStartStopsIt() throws IOException {
    bench.write("version: 2\n");
    assertThrows(ConfigException.class, bench::openFile);
    Files.delete(bench.file);
    ConfigException e = assertThrows(ConfigException.class, bench::openFile);
    assertTrue(String.valueOf(e.getMessage()).contains("there is no such file"), e.getMessage());
  }

  @Test
  void aClosedOneLooksNoMore() throws IOException {
    bench.write(yaml(1, "a"));
    LimitsInForce limits = bench.openFile();
    limits.close();
    bench.write(yaml(22, "a"));
    settle(limits);
    assertEquals("a!=1", all(limits));
  }

  @Test
  void anOpenOneLooksByItselfAndIsDoneWithinASecond() throws Exception {
    bench.write(yaml(1, "a"));
    try (LimitsInForce limits =
        LimitsInForce.open(
            new LimitsInForce.Origin.File(bench.file),
            Optional.empty(),
            bench.events::add,
            Instant::now)) {
      bench.write(yaml(2, "a"));
      long begun = System.nanoTime();
      long patience = Duration.ofSeconds(30).toNanos();
      while (limits.state().reloads() == 0 && System.nanoTime() - begun < patience) {
        Thread.onSpinWait();
      }
      long millis = Duration.ofNanos(System.nanoTime() - begun).toMillis();
      assertEquals("a!=2", all(limits));
      // Two looks and a read; a machine that is busy elsewhere gets some patience.
      assertTrue(millis < 3_000, millis + " ms");
    }
  }
}
