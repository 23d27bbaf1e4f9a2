package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, and what ends them. */
class ChildrenTest {

  @TempDir Path folder;

  @Test
  void closingEndsWhatStillRuns() throws Exception {
    Children children = new Children(folder);
    Process process = children.start(List.of("sleep", "300"), children.newOutput());
    assertTrue(process.isAlive());
    children.close();
    assertFalse(process.isAlive());
    assertThrows(
        IOException.class, () -> children.start(List.of("sleep", "300"), children.newOutput()));
  }

  @Test
  void childrenOfAChildEndWithIt() throws Exception {
    try (var children = new Children(folder)) {
      Process shell =
          children.start(List.of("sh", "-c", "sleep 300 & exec sleep 301"), children.newOutput());
      Optional<ProcessHandle> grandchild = firstChild(shell);
      children.end(shell);
      assertFalse(shell.isAlive());
      var _ = grandchild.orElseThrow().onExit().get(10, TimeUnit.SECONDS);
    }
  }

  private static Optional<ProcessHandle> firstChild(Process process) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    Optional<ProcessHandle> child = process.children().findFirst();
    while (child.isEmpty() && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
      child = process.children().findFirst();
    }
    return child;
  }

  @Test
  void aCommandGivesWhatItPrints() throws Exception {
    try (var children = new Children(folder)) {
      String text =
          children.run(Duration.ofSeconds(10), List.of("sh", "-c", "echo out; echo err >&2"));
      assertEquals("out\nerr\n", text);
    }
  }

  @Test
  void aCommandThatFailsOrHangsIsAnErrorWithItsOutput() {
    try (var children = new Children(folder)) {
      var failed =
          assertThrows(
              IOException.class,
              () -> children.run(Duration.ofSeconds(10), List.of("sh", "-c", "echo why; exit 3")));
      assertEquals("failed with 3: sh -c echo why; exit 3\nwhy\n", failed.getMessage());
      var slow =
          assertThrows(
              IOException.class,
              () -> children.run(Duration.ofMillis(20), List.of("sleep", "300")));
      assertEquals("took longer than PT0.02S: sleep 300\n", slow.getMessage());
    }
  }

  @Test
  void portsLieBelowThoseOfClients() throws IOException {
    int port = FreePort.find();
    assertTrue(port >= 10_000 && port < 65_536, "port " + port);
  }
}
