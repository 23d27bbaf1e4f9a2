package io.tollgate.server.metrics;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which format an Accept header asks for. */
class AcceptTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/openmetrics-text",
        "APPLICATION/OpenMetrics-Text; version=1.0.0; charset=utf-8",
        "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
        "text/plain;q=0.3, application/openmetrics-text;version=0.0.1;q=0.4",
        "application/vnd.google.protobuf;q=0.7,application/openmetrics-text;q=0.6,text/plain;q=0.4",
        "application/openmetrics-text;q=0.001",
        "application/openmetrics-text;q=0.5;escaping=allow-utf-8,text/plain;q=0.5"
      })
  void openMetricsIsAskedFor(String header) {
    assertTrue(Accept.prefersOpenMetrics(header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "text/plain",
        "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/openmetrics-text;q=0",
        "application/openmetrics-text;q=0.0,*/*",
        "application/openmetrics-text;q=0.3,text/plain;q=0.5",
        "application/openmetrics-text;q=0.3,text/*;q=0.31",
        "application/openmetrics-text;q=0.9,*/*",
        "application/openmetrics-textual",
        ",,;;q=,=",
        "application/json"
      })
  void elseItIsTheClassicText(String header) {
    assertFalse(Accept.prefersOpenMetrics(header));
  }
}
