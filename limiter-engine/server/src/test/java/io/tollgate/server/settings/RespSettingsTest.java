package io.tollgate.server.settings;

import static io.tollgate.server.settings.SomeSettings.problems;
import static io.tollgate.server.settings.SomeSettings.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RespSettingsTest {

  @Test
  void itsPortIsItsOwn() {
    assertEquals(
        List.of(
            "port 9090 is wanted for gRPC and for RESP; set TOLLGATE_GRPC_PORT and"
                + " TOLLGATE_RESP_PORT apart"),
        problems("TOLLGATE_RESP_PORT", "9090"));
  }

  @Test
  void aNamespaceWithoutAPortIsRefused() {
    assertEquals(
        List.of(
            "TOLLGATE_RESP_NAMESPACE=cells is of no use without a port; set TOLLGATE_RESP_PORT"),
        problems("TOLLGATE_RESP_NAMESPACE", "cells"));
  }

  @Test
  void redisClientsAreAnsweredWhereTheyAreAskedFor() {
    assertEquals(Optional.empty(), settings("TOLLGATE_RESP_PORT", "off").listen().resp());
    assertEquals(
        Optional.of(new RespSettings(0, "redis")),
        settings("TOLLGATE_RESP_PORT", "0").listen().resp());
    assertEquals(
        List.of(
            "TOLLGATE_RESP_NAMESPACE=a b is not a namespace; write 1 to 128 of A-Z a-z 0-9"
                + " . _ : -"),
        problems("TOLLGATE_RESP_PORT", "0", "TOLLGATE_RESP_NAMESPACE", "a b"));
  }

  @Test
  void beyondThisMachineRedisClientsNeedAToken() {
    assertEquals(
        List.of(
            "TOLLGATE_RESP_PORT is set and TOLLGATE_TOKEN is not: beyond this machine Redis"
                + " clients must AUTH; set TOLLGATE_TOKEN, or TOLLGATE_BIND=127.0.0.1, or"
                + " TOLLGATE_RESP_PORT=off"),
        problems("TOLLGATE_RESP_PORT", "0", "TOLLGATE_BIND", "0.0.0.0"));
    assertTrue(
        settings("TOLLGATE_RESP_PORT", "0", "TOLLGATE_BIND", "0.0.0.0", "TOLLGATE_TOKEN", "t")
            .listen()
            .resp()
            .isPresent());
  }
}
