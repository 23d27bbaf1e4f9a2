package io.tollgate.bench.load;

import java.util.ArrayList;
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

  /** Of the gRPC door. */
  static final List<Aim> GRPC = grpc();

  /** Of the port for Redis clients. */
  static final List<Aim> RESP = resp();

  private Aims() {}

  private static List<Aim> resp() {
    String crab = ThrottlecrabRespPeer.NAME;
    String script = ScriptPeer.NAME;
    List<Aim> aims = new ArrayList<>();
    for (Load load : RespRound.LOADS) {
      Metric rate = load.rows().rate();
      String shape = shape(load);
      aims.add(new Aim.Against(shape + "checks/s >= 1.2 x throttlecrab", rate, crab, true, 1.2));
      aims.add(new Aim.Against(shape + "checks/s >= 3 x Redis script", rate, script, true, 3));
    }
    for (Load load : RespRound.LOADS) {
      for (String name : List.of(TollgateRespPeer.NAME, crab, script)) {
        aims.add(cheaper(shape(load), name, load));
      }
    }
    return List.copyOf(aims);
  }

  private static List<Aim> grpc() {
    String ours = TollgateGrpcPeer.NAME;
    String crab = ThrottlecrabGrpcPeer.NAME;
    String envoy = RatelimitPeer.NAME;
    List<Aim> aims = new ArrayList<>();
    for (Load load : List.of(Load.WIDE, Load.FEW, Load.ONE)) {
      String shape = shape(load);
      aims.add(
          new Aim.Against(
              shape + "calls/s >= 1.2 x throttlecrab", load.rows().rate(), crab, true, 1.2));
      aims.add(new Aim.Below(shape + "server's CPU per call < 9 µs", load.rows().cpu(), 9));
    }
    aims.add(
        new Aim.Across(
            "checks/s of a stream >= 5 x throttlecrab's best",
            new Aim.Figure(ours, Metric.STREAM_RATE),
            new Aim.Figure(crab, Metric.BEST_RATE),
            true,
            5));
    aims.add(
        new Aim.Against(
            "over Redis on one core: calls/s >= 5 x Envoy ratelimit",
            Metric.RLS_RATE,
            envoy,
            true,
            5));
    for (Load load : List.of(Load.WIDE, Load.FEW, Load.ONE)) {
      aims.add(cheaper(shape(load), ours, load));
      aims.add(cheaper(shape(load), crab, load));
    }
    aims.add(cheaper("stream: ", ours, Load.STREAM));
    aims.add(cheaper("over Redis: ", ours, Load.DESCRIPTORS));
    aims.add(cheaper("over Redis: ", envoy, Load.DESCRIPTORS));
    return List.copyOf(aims);
  }

  private static String shape(Load load) {
    return load.connections() + " x " + load.depth() + ": ";
  }

  /** A generator that costs more than what it measures measures itself. */
  private static Aim cheaper(String what, String name, Load load) {
    return new Aim.Across(
        what + "generator's CPU < that of " + name,
        new Aim.Figure(name, load.rows().generator()),
        new Aim.Figure(name, load.rows().cpu()),
        false,
        1.0);
  }
}
