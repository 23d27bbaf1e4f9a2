package io.tollgate.bench.load;

/** How much is under way over gRPC and Redis's protocol, and where it is kept in the report. */
enum Load {
  /** As many clients with a connection each. */
  WIDE(64, 1),

  /** As many at once over few connections, as a proxy with a connection for each worker. */
  FEW(4, 16),

  /** As many at once over one connection, as one client with gRPC's usual channel. */
  ONE(1, 64),

  /** One stream with as much as our server reads of it. */
  STREAM(1, 256),

  /** Envoy's question, as {@link #FEW}. */
  DESCRIPTORS(4, 16),

  /** Commands of Redis, from as many clients as over HTTP. */
  COMMANDS(64, 1),

  /** The same of clients that pipeline. */
  PIPELINED_COMMANDS(64, 16);

  /** Rows of the report. */
  record Rows(
      Metric cpu,
      Metric system,
      Metric rate,
      Metric busy,
      Metric p50,
      Metric p99,
      Metric generator) {}

  private final int connections;
  private final int depth;

  Load(int connections, int depth) {
    this.connections = connections;
    this.depth = depth;
  }

  /** How many connections are open. */
  int connections() {
    return connections;
  }

  /** Questions under way on each. */
  int depth() {
    return depth;
  }

  /** Where its figures belong. */
  Rows rows() {
    return switch (this) {
      case WIDE ->
          new Rows(
              Metric.WIDE_CPU,
              Metric.WIDE_SYSTEM,
              Metric.WIDE_RATE,
              Metric.WIDE_BUSY,
              Metric.WIDE_P50,
              Metric.WIDE_P99,
              Metric.WIDE_GENERATOR);
      case FEW ->
          new Rows(
              Metric.FEW_CPU,
              Metric.FEW_SYSTEM,
              Metric.FEW_RATE,
              Metric.FEW_BUSY,
              Metric.FEW_P50,
              Metric.FEW_P99,
              Metric.FEW_GENERATOR);
      case ONE ->
          new Rows(
              Metric.ONE_CPU,
              Metric.ONE_SYSTEM,
              Metric.ONE_RATE,
              Metric.ONE_BUSY,
              Metric.ONE_P50,
              Metric.ONE_P99,
              Metric.ONE_GENERATOR);
      case STREAM ->
          new Rows(
              Metric.STREAM_CPU,
              Metric.STREAM_SYSTEM,
              Metric.STREAM_RATE,
              Metric.STREAM_BUSY,
              Metric.STREAM_P50,
              Metric.STREAM_P99,
              Metric.STREAM_GENERATOR);
      case DESCRIPTORS ->
          new Rows(
              Metric.RLS_CPU,
              Metric.RLS_SYSTEM,
              Metric.RLS_RATE,
              Metric.RLS_BUSY,
              Metric.RLS_P50,
              Metric.RLS_P99,
              Metric.RLS_GENERATOR);
      case COMMANDS ->
          new Rows(
              Metric.COMMANDS_CPU,
              Metric.COMMANDS_SYSTEM,
              Metric.COMMANDS_RATE,
              Metric.COMMANDS_BUSY,
              Metric.COMMANDS_P50,
              Metric.COMMANDS_P99,
              Metric.COMMANDS_GENERATOR);
      case PIPELINED_COMMANDS ->
          new Rows(
              Metric.PIPELINED_COMMANDS_CPU,
              Metric.PIPELINED_COMMANDS_SYSTEM,
              Metric.PIPELINED_COMMANDS_RATE,
              Metric.PIPELINED_COMMANDS_BUSY,
              Metric.PIPELINED_COMMANDS_P50,
              Metric.PIPELINED_COMMANDS_P99,
              Metric.PIPELINED_COMMANDS_GENERATOR);
    };
  }
}
