package io.tollgate.server.grpc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The calls that a server makes to itself. */
@Timeout(60)
class WarmUpTest {

  private static final String[] LIMITS = {"version: 1", "namespaces:", "  n: {limits: []}"};

  @Test
  void everyCallOfItIsAnsweredAndNoneIsCounted() throws IOException {
    try (TestGrpc server = new TestGrpc(TestGrpc.With.nothing(), LIMITS)) {
      assertTrue(WarmUp.begin(server.sources).await());
      for (String line : server.scraped()) {
        assertFalse(line.startsWith("tollgate_grpc_requests_total{"), line);
        assertFalse(line.startsWith("tollgate_checks_total{"), line);
      }
    }
  }

  @Test
  void twoAtOnceAreNotInEachOthersWay() throws IOException {
    try (TestGrpc server = new TestGrpc(TestGrpc.With.nothing(), LIMITS)) {
      WarmUp one = WarmUp.begin(server.sources);
      WarmUp two = WarmUp.begin(server.sources);
      assertTrue(one.await());
      assertTrue(two.await());
    }
  }
}
