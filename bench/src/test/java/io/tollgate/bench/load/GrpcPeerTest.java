package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How peers are started: on loopback only, and with what they are said to have. */
class GrpcPeerTest {

  private static final Path PROGRAM = Path.of("/opt/program");

  @TempDir Path folder;

  private static List<GrpcPeer> peers() {
    return List.of(
        TollgateGrpcPeer.inMemory(PROGRAM, TollgateGrpcPeer.Method.CHECK),
        new TollgateGrpcPeer(
            PROGRAM, TollgateGrpcPeer.Method.SHOULD_RATE_LIMIT, OptionalInt.of(6_379), 9_091),
        new ThrottlecrabGrpcPeer(PROGRAM),
        new RatelimitPeer(PROGRAM, 6_379));
  }

  @Test
  void everyPeerIsToldItsPortAndNoneAllAddresses() throws IOException {
    for (GrpcPeer peer : peers()) {
      String command = Launched.text(peer.command(folder, 12_345));
      assertTrue(command.contains(PROGRAM.toString()), command);
      assertTrue(command.matches(".*(--grpc-port |GRPC_PORT=)12345( .*|$)"), command);
      assertFalse(command.contains("0.0.0.0"), command);
    }
  }

  @Test
  void overRedisBothAreToldWhereItIs() throws IOException {
    String ours = Launched.text(peers().get(1).command(folder, 1));
    assertTrue(ours.contains("--redis-addr 127.0.0.1:6379 --redis-mode single"), ours);
    String theirs = Launched.text(peers().get(3).command(folder, 1));
    assertTrue(theirs.contains("REDIS_URL=127.0.0.1:6379"), theirs);
    assertFalse(Launched.text(peers().get(0).command(folder, 1)).contains("redis"));
  }

  @Test
  void envoysServiceFindsItsLimitsWhereItLooks() throws IOException {
    String command = Launched.text(new RatelimitPeer(PROGRAM, 1).command(folder, 1));
    assertTrue(command.contains("RUNTIME_ROOT=" + folder + " "), command);
    assertTrue(command.contains("RUNTIME_SUBDIRECTORY=ratelimit "), command);
    assertEquals(
        """
        domain: edge
        descriptors:
          - key: remote_address
            rate_limit: {unit: hour, requests_per_unit: 100000}
        """,
        Files.readString(folder.resolve("ratelimit/config/edge.yaml")));
  }

  @Test
  void emptyWordsOfACommandAreSeen() {
    assertEquals("a --save '' b", Launched.text(List.of("a", "--save", "", "b")));
  }

  @Test
  void noTwoLoadsShareARow() {
    Set<Metric> seen = EnumSet.noneOf(Metric.class);
    for (Load load : Load.values()) {
      Load.Rows rows = load.rows();
      for (Metric metric :
          List.of(
              rows.cpu(),
              rows.system(),
              rows.rate(),
              rows.busy(),
              rows.p50(),
              rows.p99(),
              rows.generator())) {
        assertTrue(seen.add(metric), metric.name());
      }
    }
  }
}
