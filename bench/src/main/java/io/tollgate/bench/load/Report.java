package io.tollgate.bench.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The text of a run: tables of Markdown, and what must be known to read them. */
final class Report {

  /**
   * What a report is of.
   *
   * @param title its first words
   * @param compared of which ratios are taken
   * @param aims what is wanted
   */
  record Subject(String title, List<Metric> compared, List<Aim> aims) {

    static final Subject HTTP =
        new Subject(
            "HTTP door",
            List.of(
                Metric.CPU,
                Metric.RATE,
                Metric.PIPELINED_CPU,
                Metric.PIPELINED_RATE,
                Metric.HOT_CPU,
                Metric.FIXED_P99,
                Metric.FIXED_CPU,
                Metric.IDLE_RSS,
                Metric.RSS_1M),
            Aims.HTTP);

    static final Subject REDIS =
        new Subject(
            "Limits over Redis",
            List.of(
                Metric.CPU,
                Metric.RATE,
                Metric.REDIS_CPU,
                Metric.PIPELINED_CPU,
                Metric.PIPELINED_RATE,
                Metric.PIPELINED_REDIS_CPU,
                Metric.FIXED_P99,
                Metric.FIXED_CPU,
                Metric.FIXED_REDIS_CPU),
            Aims.REDIS);

    static final Subject GRPC =
        new Subject(
            "gRPC door",
            List.of(
                Metric.WIDE_CPU,
                Metric.WIDE_RATE,
                Metric.FEW_CPU,
                Metric.FEW_RATE,
                Metric.ONE_CPU,
                Metric.ONE_RATE,
                Metric.BEST_RATE,
                Metric.RLS_CPU,
                Metric.RLS_REDIS_CPU,
                Metric.RLS_RATE),
            Aims.GRPC);

    static final Subject RESP =
        new Subject(
            "Port for Redis clients",
            List.of(
                Metric.COMMANDS_CPU,
                Metric.COMMANDS_RATE,
                Metric.PIPELINED_COMMANDS_CPU,
                Metric.PIPELINED_COMMANDS_RATE),
            Aims.RESP);

    static final Subject AUTHZ =
        new Subject(
            "nginx with and without Tollgate",
            List.of(
                Metric.GATE_CPU,
                Metric.GATE_NGINX_CPU,
                Metric.GATE_RATE,
                Metric.GATE_P50,
                Metric.GATE_P99,
                Metric.GATE_FIXED_CPU),
            List.of());

    static final Subject SCALE =
        new Subject("Limits over a Cluster, and of one hot key", REDIS.compared, List.of());
  }

  /**
   * Who is compared.
   *
   * @param name what figures are kept under
   * @param asked what exactly is asked and configured
   */
  record Column(String name, String asked) {}

  private final Subject subject;
  private final Plan plan;
  private final List<Column> columns;
  private final Results results;

  /** Of the first column beside the others. */
  Report(Subject subject, Plan plan, List<Column> columns, Results results) {
    this.subject = subject;
    this.plan = plan;
    this.columns = columns;
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
            "%s: %d interleaved rounds of %d s, medians (least - most)%n%n",
            subject.title(),
            plan.rounds(),
            plan.seconds()));
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    columns.forEach(column ->
        text.append("- ").append(column.name).append(": ").append(column.asked).append('\n'));
    text.append('\n').append(figures()).append('\n');
    text.append("Ratios of the same round, median (least - most):\n\n").append(ratios());
    if (!subject.aims().isEmpty()) {
      text.append('\n').append(aims());
    }
    if (!results.voids().isEmpty()) {
      text.append("\nWhat did not count:\n");
      results.voids().forEach(line -> text.append("- ").append(line).append('\n'));
    }
    return text.toString();
  }

  /** What nobody has a figure of is left out. */
  private String figures() {
    List<String> heads = new ArrayList<>(List.of("measured"));
    columns.forEach(column -> heads.add(column.name));
    Table table = new Table(heads);
    for (Metric metric : Metric.values()) {
      if (columns.stream().noneMatch(column -> results.spread(column.name, metric).isPresent())) {
        continue;
      }
      List<String> cells = new ArrayList<>(List.of(metric.text()));
      for (Column column : columns) {
        cells.add(
            results
                .spread(column.name, metric)
                .map(spread -> spread.text(metric.decimals()))
                .orElse("-"));
      }
      table.add(cells);
    }
    return table.text();
  }

  private String ratios() {
    String ours = columns.getFirst().name;
    List<Column> others = columns.subList(1, columns.size());
    List<String> heads = new ArrayList<>(List.of(ours + " over"));
    others.forEach(column -> heads.add(column.name));
    Table table = new Table(heads);
    for (Metric metric : subject.compared()) {
      List<String> cells = new ArrayList<>(List.of(metric.name()));
      for (Column column : others) {
        cells.add(results.ratio(ours, column.name, metric).text());
      }
      table.add(cells);
    }
    return table.text();
  }

  private String aims() {
    Table table = new Table(List.of("aim", "measured", "reached"));
    for (Aim aim : subject.aims()) {
      Aim.Verdict verdict = aim.judge(columns.getFirst().name, results);
      table.add(List.of(verdict.aim(), verdict.measured(), verdict.reached()));
    }
    return table.text();
  }
}
