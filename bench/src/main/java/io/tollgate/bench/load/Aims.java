package io.tollgate.bench.load;

import java.util.List;

/** All aims, in the order of the reports. */
final class Aims {

  /** Of the HTTP door. */
  static final List<Aim> HTTP =
      List.of(
          new Aim.Against("CPU per check <= 1.0 x nginx", Metric.CPU, "nginx", false, 1.0),
          new Aim.Against(
              "CPU per check <= 0.75 x throttlecrab", Metric.CPU, "throttlecrab", false, 0.75),
          new Aim.Against(
              "pipelined checks/s >= 4 x nginx", Metric.PIPELINED_RATE, "nginx", true, 4.0),
          new Aim.Against(
              "pipelined CPU per check <= 1/4 x nginx", Metric.PIPELINED_CPU, "nginx", false, 0.25),
          new Aim.Against("p99 at 20,000/s <= 1.0 x nginx", Metric.FIXED_P99, "nginx", false, 1.0),
          new Aim.Below("RSS after one check < 50 MB", Metric.IDLE_RSS, 50),
          new Aim.Below("first answer < 150 ms", Metric.FIRST_ANSWER, 150));

  /** Of limits over Redis. */
  static final List<Aim> REDIS =
      List.of(
          new Aim.Against(
              "pipelined checks/s >= 2 x EVALSHA 16 deep",
              Metric.PIPELINED_RATE,
              Direct.EVALSHA.label(),
              true,
              2.0),
          new Aim.Against(
              "checks/s >= 2 x batches of one", Metric.RATE, Sharing.ONE.label(), true, 2.0),
          new Aim.Against(
              "pipelined checks/s >= 2 x batches of one",
              Metric.PIPELINED_RATE,
              Sharing.ONE.label(),
              true,
              2.0),
          new Aim.Against(
              "checks/s >= 5 x Bucket4j", Metric.RATE, Direct.BUCKET4J.label(), true, 5.0),
          new Aim.Below("p99 at 20,000/s < 500 µs", Metric.FIXED_P99, 500));

  private Aims() {}
}
