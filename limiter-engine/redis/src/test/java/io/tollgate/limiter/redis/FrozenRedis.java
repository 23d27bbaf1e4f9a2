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
 * A Redis whose clock stands still until a test moves it: what the script reads as the time, and
 * when keys expire. libfaketime cannot do it, since it and Redis's allocator wait for each other.
 */
final class FrozenRedis implements AutoCloseable {

  private static final String SOURCE = "frozen_clock.c";

  private final Path folder;
  private final MappedByteBuffer clock;
  final RedisServer server;

  FrozenRedis(RedisVersion version, long micros, String... options) {
    try {
      folder = Files.createTempDirectory("tollgate-clock");
      Path library = compile();
      Path file = Files.write(folder.resolve("now"), new byte[Long.BYTES]);
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        clock = channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
      }
      clock.order(ByteOrder.nativeOrder());
      moveTo(micros);
      Map<String, String> environment =
          Map.of("LD_PRELOAD", library.toString(), "TOLLGATE_CLOCK", file.toString());
      server = RedisServer.start(version, environment, options);
    } catch (IOException e) {
      throw new UncheckedIOException("a clock cannot be made; install gcc and libc6-dev", e);
    }
  }

  private Path compile() throws IOException {
    Path source = folder.resolve(SOURCE);
    try (InputStream in = FrozenRedis.class.getResourceAsStream(SOURCE)) {
      Files.copy(Objects.requireNonNull(in), source);
    }
    Path library = folder.resolve("frozen_clock.so");
    List<String> command =
        List.of("cc", "-O2", "-shared", "-fPIC", "-o", library.toString(), source.toString());
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(SOURCE + " does not compile");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return library;
  }

  /** Sets the clock. */
  void moveTo(long micros) {
    clock.putLong(0, micros);
  }

  @Override
  public void close() {
    server.close();
    try {
      for (String name : List.of("now", SOURCE, "frozen_clock.so", "")) {
        Files.deleteIfExists(folder.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
