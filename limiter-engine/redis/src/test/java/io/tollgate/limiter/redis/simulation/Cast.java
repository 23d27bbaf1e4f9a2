package io.tollgate.limiter.redis.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Who takes part in a schedule, and with which bounds.
 *
 * @param engines how many instances there are at first
 * @param lanes event loops of each
 * @param agrees whether instances agree on a hash key by themselves, and were not given one
 * @param site what they share
 */
record Cast(int engines, int lanes, boolean agrees, Lane lane, Demand demand, Site site) {

  /** What they share. */
  enum Site {
    /** One Redis, which may have a replica. */
    ONE_SERVER,
    /** A Cluster that serves the slots that have a master. */
    CLUSTER,
    /** A Cluster that serves nothing while a master is missing. */
    WHOLE_CLUSTER
  }

  /**
   * The bounds of one loop.
   *
   * @param limitMillis how long a check may wait
   * @param batch checks of one call
   * @param calls calls under way
   * @param waiting checks that may wait for a call
   * @param denials how many denials it remembers; 0: none
   */
  record Lane(long limitMillis, int batch, int calls, int waiting, int denials) {}

  /**
   * What is asked for.
   *
   * @param rules which of {@link Rules#ALL}
   * @param identifiers of each rule
   * @param pressure units that are asked for all the time, in percent of what limits admit
   * @param verbs how many of 100 questions are no simple checks
   * @param bursts the most bursts for each identifier
   * @param loadMillis for how long, before all becomes quiet
   */
  record Demand(
      List<Integer> rules, int identifiers, int pressure, int verbs, int bursts, long loadMillis) {}

  private static final int MOST_ENGINES = 4;
  private static final int MOST_RULES = 3;

  static Cast of(Random random) {
    List<Integer> rules = new ArrayList<>();
    for (int left = 1 + random.nextInt(MOST_RULES); left > 0; left--) {
      rules.add(random.nextInt(Rules.PLAIN));
    }
    Lane lane =
        new Lane(
            20 + random.nextInt(180),
            1 + random.nextInt(16),
            1 + random.nextInt(4),
            random.nextInt(4) == 0 ? 4 : 1_000,
            random.nextInt(4) == 0 ? 0 : 64);
    Demand demand =
        new Demand(
            rules.stream().distinct().toList(),
            1 + random.nextInt(2),
            10 + random.nextInt(random.nextBoolean() ? 50 : 350),
            random.nextInt(3) * 15,
            random.nextInt(8),
            4_000 + random.nextInt(5_000));
    int engines = 1 + random.nextInt(MOST_ENGINES);
    return new Cast(
        engines, 1 + random.nextInt(2), random.nextInt(4) == 0, lane, demand, Site.ONE_SERVER);
  }

  /** The same, but asking for rules of which units are taken ahead. */
  Cast ahead(Random random) {
    List<Integer> rules = new ArrayList<>();
    for (int left = 1 + random.nextInt(2); left > 0; left--) {
      rules.add(
          random.nextInt(4) == 0
              ? Rules.AHEAD_OF_WINDOWS
              : Rules.PLAIN + random.nextInt(Rules.APART - Rules.PLAIN));
    }
    int verbs = random.nextBoolean() ? 0 : demand.verbs;
    // Where little is asked for all the time, a squeeze finds all of the limit.
    int pressure = random.nextBoolean() ? 1 : 30 + random.nextInt(200);
    Demand d = demand;
    return with(
        new Demand(
            rules.stream().distinct().toList(),
            d.identifiers,
            pressure,
            verbs,
            4 + d.bursts,
            d.loadMillis));
  }

  /** The same over a Cluster; every other one asks for limits of several owners at once. */
  Cast spread(Random random) {
    Site of = random.nextInt(4) == 0 ? Site.WHOLE_CLUSTER : Site.CLUSTER;
    List<Integer> rules = demand.rules;
    if (random.nextBoolean()) {
      rules = List.of(Rules.APART + random.nextInt(Rules.ALL.size() - Rules.APART));
    }
    Demand d = demand;
    return new Cast(
        engines,
        lanes,
        agrees,
        lane,
        new Demand(rules, d.identifiers, d.pressure, d.verbs, d.bursts, d.loadMillis),
        of);
  }

  long limitNanos() {
    return lane.limitMillis * World.MILLI;
  }

  long loadNanos() {
    return demand.loadMillis * World.MILLI;
  }

  /** Casts that are simpler by one thing each. */
  List<Cast> simpler() {
    List<Cast> casts = new ArrayList<>();
    if (site != Site.ONE_SERVER) {
      casts.add(new Cast(engines, lanes, agrees, lane, demand, Site.ONE_SERVER));
    }
    if (site == Site.WHOLE_CLUSTER) {
      casts.add(new Cast(engines, lanes, agrees, lane, demand, Site.CLUSTER));
    }
    if (engines > 1) {
      casts.add(new Cast(engines - 1, lanes, agrees, lane, demand, site));
    }
    if (lanes > 1) {
      casts.add(new Cast(engines, 1, agrees, lane, demand, site));
    }
    if (agrees) {
      casts.add(new Cast(engines, lanes, false, lane, demand, site));
    }
    if (lane.denials > 0) {
      casts.add(with(new Lane(lane.limitMillis, lane.batch, lane.calls, lane.waiting, 0)));
    }
    if (lane.batch > 1) {
      casts.add(with(new Lane(lane.limitMillis, 1, lane.calls, lane.waiting, lane.denials)));
    }
    if (lane.calls > 1) {
      casts.add(with(new Lane(lane.limitMillis, lane.batch, 1, lane.waiting, lane.denials)));
    }
    demands().forEach(simpler -> casts.add(with(simpler)));
    return casts;
  }

  private Cast with(Lane other) {
    return new Cast(engines, lanes, agrees, other, demand, site);
  }

  private Cast with(Demand other) {
    return new Cast(engines, lanes, agrees, lane, other, site);
  }

  private List<Demand> demands() {
    Demand d = demand;
    List<Demand> demands = new ArrayList<>();
    if (d.rules.size() > 1) {
      for (Integer rule : d.rules) {
        demands.add(
            new Demand(List.of(rule), d.identifiers, d.pressure, d.verbs, d.bursts, d.loadMillis));
      }
    }
    if (d.identifiers > 1) {
      demands.add(new Demand(d.rules, 1, d.pressure, d.verbs, d.bursts, d.loadMillis));
    }
    if (d.verbs > 0) {
      demands.add(new Demand(d.rules, d.identifiers, d.pressure, 0, d.bursts, d.loadMillis));
    }
    if (d.bursts > 0) {
      demands.add(
          new Demand(d.rules, d.identifiers, d.pressure, d.verbs, d.bursts - 1, d.loadMillis));
    }
    if (d.loadMillis > 1_000) {
      demands.add(
          new Demand(d.rules, d.identifiers, d.pressure, d.verbs, d.bursts, d.loadMillis * 3 / 4));
    }
    return demands;
  }
}
