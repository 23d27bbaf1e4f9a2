package io.tollgate.server.metrics;

/** What one event loop counts of the connections of one port. */
final class PortMetrics {
  final Cell opened = new Cell();
  final Cell closed = new Cell();
  final Cell refused = new Cell();
  final Cell failedHandshakes = new Cell();
}
