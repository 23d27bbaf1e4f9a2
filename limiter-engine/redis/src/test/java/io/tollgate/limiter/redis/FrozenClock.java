package io.tollgate.limiter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A clock that stands still until a test moves it, for Redis servers: what the script reads as the
 * time, and when keys expire. libfaketime cannot do it, since it and Redis's allocator wait for
 * each other.
 */
final class FrozenClock implements AutoCloseable {

  private static final String SOURCE = "frozen_clock.c";

  private final Path folder;
  private final Path file;
  private final Path library;
  private final MappedByteBuffer clock;

  FrozenClock(long micros) {
    try {
      folder = Files.createTempDirectory("tollgate-clock");
      library = compile();
      file = Files.write(folder.resolve("now"), new byte[Long.BYTES]);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        clock = channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
      }
      clock.order(ByteOrder.nativeOrder());
      moveTo(micros);
    } catch (IOException e) {
      throw new UncheckedIOException("a clock cannot be made; install gcc and libc6-dev", e);
    }
  }

  private Path compile() throws IOException {
    Path source = folder.resolve(SOURCE);
    try (InputStream in = FrozenClock.class.getResourceAsStream(SOURCE)) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    Path made = folder.resolve("frozen_clock.so");
    List<String> command =
        List.of("cc", "-O2", "-shared", "-fPIC", "-o", made.toString(), source.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(SOURCE + " does not compile");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return made;
  }

  /** Makes a server have this clock. */
  Map<String, String> environment() {
    return Map.of("LD_PRELOAD", library.toString(), "TOLLGATE_CLOCK", file.toString());
  }

  /** Sets it. */
  void moveTo(long micros) {
    clock.putLong(0, micros);
  }

  /** Moves it on. */
  void advance(long micros) {
    moveTo(clock.getLong(0) + micros);
  }

  @Override
  public void close() {
    try {
      for (String name : List.of("now", SOURCE, "frozen_clock.so", "")) {
        Files.deleteIfExists(folder.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
