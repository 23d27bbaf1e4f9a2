package io.tollgate.server.metrics;

/** On which port a connection stands. */
public enum Port {
  /** Where checks are answered. */
  CHECKS,
  /** Where the operator looks. */
  ADMIN,
  /** Where checks are answered over gRPC. */
  GRPC,
  /** Where clients of Redis are answered. */
  RESP
}
