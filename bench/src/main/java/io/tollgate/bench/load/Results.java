package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What all rounds gave, and which did not count. Not safe for several threads. */
final class Results {

  private record Cell(String peer, Metric metric) {}

  private final Map<Cell, Map<Integer, Double>> figures = new HashMap<>();
  private final List<String> voids = new ArrayList<>();

  /** Keeps a figure. */
  void add(String peer, Metric metric, int round, double figure) {
    figures.computeIfAbsent(new Cell(peer, metric), _ -> new TreeMap<>()).put(round, figure);
  }

  /** Keeps the reason why something gives no figure. */
  void addVoid(String peer, int round, String what, String why) {
    voids.add(peer + ", round " + (round + 1) + ", " + what + ": void, " + why);
  }

  /** Takes over all that others hold. */
  void addAll(Results others) {
    others.figures.forEach((cell, rounds) ->
        rounds.forEach((round, figure) -> add(cell.peer, cell.metric, round, figure)));
    voids.addAll(others.voids);
  }

  /** The figures of one row, by round. */
  Map<Integer, Double> of(String peer, Metric metric) {
    return figures.getOrDefault(new Cell(peer, metric), Map.of());
  }

  /** The same, summed up; empty when no round counts. */
  Optional<Spread> spread(String peer, Metric metric) {
    Map<Integer, Double> rounds = of(peer, metric);
    return rounds.isEmpty() ? Optional.empty() : Optional.of(Spread.of(rounds.values()));
  }

  /** Our figure over a peer's. */
  Ratio ratio(String ours, String theirs, Metric metric) {
    return Ratio.paired(of(ours, metric), of(theirs, metric));
  }

  /** What did not count, one sentence each. */
  List<String> voids() {
    return List.copyOf(voids);
  }
}
