package io.tollgate.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the system says of this very process. */
class ProcessFamiliesTest {

  @Test
  void openFilesAreCounted(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("f"));
    long before = ProcFiles.openFiles().orElseThrow();
    List<AutoCloseable> opened = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      opened.add(Files.newInputStream(file));
    }
    long with = ProcFiles.openFiles().orElseThrow();
    assertEquals(50, opened.size());
    // Other threads of this JVM may open and close a few of their own.
    assertTrue(Math.abs(with - before - 50) < 25, with + " after " + before);
    for (AutoCloseable file1 : opened) {
      close(file1);
    }
  }

  private static void close(AutoCloseable file) {
    try {
      file.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void memoryAndLimitsArePlausible() {
    long resident = ProcFiles.residentBytes().orElseThrow();
    assertTrue(resident > 20_000_000 && resident < 100_000_000_000L, resident + " bytes");
    long most = ProcFiles.mostOpenFiles().orElseThrow();
    assertTrue(most >= ProcFiles.openFiles().orElseThrow(), most + " files");
  }
}
