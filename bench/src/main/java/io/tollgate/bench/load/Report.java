package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text of a run: tables of Markdown, and what must be known to read them. */
final class Report {

  private static final List<Metric> COMPARED =
      List.of(
          Metric.CPU,
          Metric.RATE,
          Metric.PIPELINED_CPU,
          Metric.PIPELINED_RATE,
          Metric.HOT_CPU,
          Metric.FIXED_P99,
          Metric.FIXED_CPU,
          Metric.IDLE_RSS,
          Metric.RSS_1M);

  private final Plan plan;
  private final List<Peer> peers;
  private final Results results;

  /** Of the first peer beside the others. */
  Report(Plan plan, List<Peer> peers, Results results) {
    this.plan = plan;
    this.peers = peers;
    this.results = results;
  }

  /**
   * All of it.
   *
   * @param notes lines about machine, cores and settings
   */
  String text(List<String> notes) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "HTTP door: %d interleaved rounds of %d s, medians (least - most)%n%n",
            plan.rounds(),
            plan.seconds()));
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    peers.forEach(peer ->
        text.append("- ").append(peer.name()).append(": ").append(peer.asked()).append('\n'));
    text.append('\n').append(figures()).append('\n');
    text.append("Ratios of the same round, median (least - most):\n\n").append(ratios());
    text.append('\n').append(aims());
    if (!results.voids().isEmpty()) {
      text.append("\nWhat did not count:\n");
      results.voids().forEach(line -> text.append("- ").append(line).append('\n'));
    }
    return text.toString();
  }

  private String figures() {
    List<String> columns = new ArrayList<>(List.of("measured"));
    peers.forEach(peer -> columns.add(peer.name()));
    Table table = new Table(columns);
    for (Metric metric : Metric.values()) {
      List<String> cells = new ArrayList<>(List.of(metric.text()));
      for (Peer peer : peers) {
        cells.add(
            results
                .spread(peer.name(), metric)
                .map(spread -> spread.text(metric.decimals()))
                .orElse("-"));
      }
      table.add(cells);
    }
    return table.text();
  }

  private String ratios() {
    String ours = peers.getFirst().name();
    List<Peer> others = peers.subList(1, peers.size());
    List<String> columns = new ArrayList<>(List.of(ours + " over"));
    others.forEach(peer -> columns.add(peer.name()));
    Table table = new Table(columns);
    for (Metric metric : COMPARED) {
      List<String> cells = new ArrayList<>(List.of(metric.name()));
      for (Peer peer : others) {
        cells.add(results.ratio(ours, peer.name(), metric).text());
      }
      table.add(cells);
    }
    return table.text();
  }

  private String aims() {
    Table table = new Table(List.of("aim", "measured", "reached"));
    for (Aim aim : Aims.ALL) {
      Aim.Verdict verdict = aim.judge(peers.getFirst().name(), results);
      table.add(List.of(verdict.aim(), verdict.measured(), verdict.reached()));
    }
    return table.text();
  }
}
