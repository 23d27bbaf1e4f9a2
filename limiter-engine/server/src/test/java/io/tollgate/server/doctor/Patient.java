package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.server.doctor.Finding.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An installation to examine; a test changes what it is about. */
final class Patient {

  /** On ports of its own choice, so that what else runs on this machine is of no matter. */
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0", "TOLLGATE_GRPC_PORT", "0"));

  private Machine machine;

  Patient(Path temp) {
    environment.put("TOLLGATE_DATA_DIR", temp.resolve("data").toString());
    machine =
        new Machine(
            temp.resolve("proc"),
            1L << 30,
            "25.0.3",
            "2026-04-21",
            InstantSource.fixed(Instant.parse("2026-06-01T00:00:00Z")));
  }

  Patient with(String name, Object value) {
    environment.put(name, value.toString());
    return this;
  }

  Patient without(String name) {
    environment.remove(name);
    return this;
  }

  Patient at(Instant time) {
    return at(InstantSource.fixed(time));
  }

  Patient at(InstantSource clock) {
    machine =
        new Machine(
            machine.proc(),
            machine.mostHeapBytes(),
            machine.javaVersion(),
            machine.javaDate(),
            clock);
    return this;
  }

  Patient heap(long bytes) {
    machine =
        new Machine(
            machine.proc(), bytes, machine.javaVersion(), machine.javaDate(), machine.clock());
    return this;
  }

  List<Finding> findings() {
    return Doctor.examine(Map.of(), environment, machine);
  }

  /** What was found in one place, all of it. */
  List<Finding> findings(String check) {
    return findings().stream().filter(finding -> finding.check().equals(check)).toList();
  }

  /** What is not well in Redis, but for how long a round trip took: others are busy here too. */
  List<Finding> badInRedis() {
    return findings().stream()
        .filter(finding -> finding.check().startsWith("redis"))
        .filter(finding -> !finding.check().equals("redis latency"))
        .filter(finding -> finding.verdict() != Verdict.OK)
        .toList();
  }

  /** Requires one finding in a place, and no other that is not well. */
  void requireOnly(String check, Verdict verdict, String text, String fix) {
    List<Finding> bad =
        findings().stream().filter(finding -> finding.verdict() != Verdict.OK).toList();
    assertEquals(List.of(new Finding(check, verdict, text, Optional.of(fix))), bad);
  }

  /** Requires that a place is well. */
  void requireWell(String check, String text) {
    assertEquals(List.of(Finding.ok(check, text)), findings(check));
  }
}
