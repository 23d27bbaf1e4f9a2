package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.redis.RedisServer;
import io.tollgate.server.KeyPairFiles;
import io.tollgate.server.Markdown;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/command-line.md to what is looked at. */
class DoctorDocTest {

  @TempDir Path temp;

  /** With everything set that adds a finding. */
  private Patient patientWithEverything(RedisServer redis) throws Exception {
    KeyPairFiles files = KeyPairFiles.make(temp, "-keyalg", "EC");
    Path token = Files.writeString(temp.resolve("token"), "0123456789abcdef");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
    Path limits = Files.createDirectories(temp.resolve("proc/self")).resolve("limits");
    Files.writeString(limits, "Max open files            1024                 1024   files\n");
    return new Patient(temp)
        .with("REDIS_ADDR", "127.0.0.1:" + redis.port)
        .with("TOLLGATE_TOKEN_FILE", token)
        .with("TOLLGATE_TLS_CERT", files.certificate())
        .with("TOLLGATE_TLS_KEY", files.key())
        .with("TOLLGATE_TLS_CLIENT_CA", files.certificate());
  }

  @Test
  void theTableNamesEverythingThatIsLookedAtAndNothingElse() throws Exception {
    Set<String> known = new TreeSet<>(Set.of("TLS", ClusterVerdicts.CHECK));
    try (RedisServer redis = RedisServer.start()) {
      patientWithEverything(redis).findings().forEach(finding -> known.add(finding.check()));
    }
    Set<String> documented =
        Markdown.page("docs/command-line.md").firstCells().stream()
            .filter(cell -> cell.startsWith("`") && !cell.startsWith("`tollgate "))
            .map(cell -> cell.replace("`", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(known, documented);
  }
}
