package io.tollgate.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.files.FileWatch.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a change of files has settled. How a single file changes, {@code ReloadTest} shows. */
class FileWatchTest {

  @TempDir Path folder;

  private final AtomicInteger changes = new AtomicInteger();
  private Path certificate = Path.of("");
  private Path key = Path.of("");
  private int writes;

  @BeforeEach
  void files() throws IOException {
    certificate = folder.resolve("cert.pem");
    key = folder.resolve("key.pem");
    write(certificate);
    write(key);
  }

  private void write(Path file) throws IOException {
    Files.writeString(file, "text");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000L * ++writes));
  }

  private FileWatch watch() {
    return FileWatch.of(List.of(certificate, key), changes::incrementAndGet);
  }

  @Test
  void filesThatChangeOneAfterTheOtherAreOneChange() throws IOException {
    FileWatch watch = watch();
    assertEquals(Seen.UNCHANGED, watch.poll());
    write(certificate);
    assertEquals(Seen.MOVING, watch.poll());
    write(key);
    assertEquals(Seen.MOVING, watch.poll());
    assertEquals(Seen.SETTLED, watch.poll());
    assertEquals(Seen.UNCHANGED, watch.poll());
    assertEquals(1, changes.get());
  }

  @Test
  void aFileThatIsNotThereIsAStateAsAnyOther() throws IOException {
    Files.delete(key);
    FileWatch watch = watch();
    assertEquals(Seen.UNCHANGED, watch.poll());
    write(key);
    watch.poll();
    watch.poll();
    assertEquals(1, changes.get());
    Files.delete(key);
    watch.poll();
    watch.poll();
    assertEquals(2, changes.get());
  }

  @Test
  void whoReadsCanTellWhetherTheFilesHaveStayedTheSame() throws IOException {
    FileWatch watch = watch();
    assertTrue(watch.isStill());
    write(key);
    assertFalse(watch.isStill());
    watch.poll();
    assertFalse(watch.isStill());
    watch.poll();
    assertTrue(watch.isStill());
  }

  @Test
  void whatNeverRestsIsRestlessUntilItDoes() throws IOException {
    FileWatch watch = watch();
    for (int i = 1; i <= 25; i++) {
      write(key);
      assertEquals(i < 20 ? Seen.MOVING : Seen.RESTLESS, watch.poll());
    }
    assertEquals(0, changes.get());
    assertEquals(Seen.SETTLED, watch.poll());
    write(key);
    assertEquals(Seen.MOVING, watch.poll());
  }

  @Test
  void aPollThatFailsIsReportedAndPolledAgain() throws InterruptedException {
    CountDownLatch polled = new CountDownLatch(2);
    AtomicInteger reported = new AtomicInteger();
    CountDownLatch other = new CountDownLatch(2);
    try (FileTimer timer = new FileTimer()) {
      timer.add(() -> {
        Thread.currentThread().setUncaughtExceptionHandler((_, _) -> reported.incrementAndGet());
        polled.countDown();
        throw new IllegalStateException("a fault of a test");
      });
      timer.add(other::countDown);
      assertTrue(polled.await(30, TimeUnit.SECONDS));
      assertTrue(other.await(30, TimeUnit.SECONDS));
    }
    assertTrue(reported.get() >= 1);
  }
}
