package io.tollgate.limiter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** A version of Redis that tests run. */
enum RedisVersion {
  /** Of the system's package; 7.0 in Debian 12. */
  INSTALLED,

  /** 6.2.11, which managed servers often are, out of a jar. */
  OLD;

  /** In the jar; it says 6.2.6, and is newer. Those for other machines cannot be given a clock. */
  private static final String IN_THE_JAR = "/redis-server-6.2.6-v5-linux-amd64";

  private static final class Extracted {
    static final String PROGRAM = extract();

    private static String extract() {
      try (InputStream in = RedisVersion.class.getResourceAsStream(IN_THE_JAR)) {
        if (in == null) {
          throw new IOException("embedded-redis lacks " + IN_THE_JAR);
        }
        Path program = Files.createTempFile("redis-server-6.2-", "");
        program.toFile().deleteOnExit();
        Files.copy(in, program, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return program.toString();
      } catch (IOException e) {
        throw new UncheckedIOException("Redis 6.2 cannot be extracted", e);
      }
    }
  }

  /** What is executed. */
  String program() {
    return this == INSTALLED ? "redis-server" : Extracted.PROGRAM;
  }

  /** Why a test cannot run it here; in CI every test runs, or fails. */
  Optional<String> missing() {
    String machine = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    return this == INSTALLED || machine.equals("Linux amd64") || System.getenv("CI") != null
        ? Optional.empty()
        : Optional.of("there is no redis-server 6.2 for " + machine);
  }
}
