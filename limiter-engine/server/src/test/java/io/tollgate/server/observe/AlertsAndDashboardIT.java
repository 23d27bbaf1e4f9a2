package io.tollgate.server.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.Markdown;
import io.tollgate.server.observe.Promtool.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/** Alerts and dashboard, by promtool and beside a scrape of the real server. */
@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class AlertsAndDashboardIT {

  /** What Prometheus gives each series by itself. */
  private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

  private static final Pattern SECTION = Pattern.compile("(?m)^## (.+)$");
  private static final Pattern QUOTED = Pattern.compile("`([A-Za-z_]+)`");

  /** Words of ours; what is a pattern of more is not compared. */
  private static final Pattern WORDS = Pattern.compile("[a-z_]+(\\|[a-z_]+)*");

  private static final Rules RULES = Rules.read();
  private static final Dashboard DASHBOARD = Dashboard.read();

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init") // before all tests
  private static Map<String, Set<String>> scraped;

  @BeforeAll
  static void scrape() throws Exception {
    scraped = LiveScrape.labelsByName(folder);
  }

  private static void succeeds(String... arguments) throws Exception {
    Result result = Promtool.run(folder, List.of(arguments));
    assertEquals(0, result.exitCode(), result::output);
  }

  @Test
  void theRulesAreSound() throws Exception {
    succeeds("check", "rules", "--lint=all", "--lint-fatal", Tree.path(Rules.FILE).toString());
  }

  @Test
  void theRulesPassTheirTests() throws Exception {
    for (String tests : Rules.TESTS) {
      succeeds("test", "rules", Tree.path(tests).toString());
    }
  }

  /** Promtool plays a group that is not named at any time, so that a test passes now and then. */
  @Test
  void theTestsNameEveryGroupInItsOrder() {
    List<String> groups = texts(Tree.read(Rules.FILE).at("groups").each().map(g -> g.at("name")));
    for (String tests : Rules.TESTS) {
      assertEquals(groups, texts(Tree.read(tests).at("group_eval_order").each()), tests);
    }
  }

  private static List<String> texts(Stream<Tree> trees) {
    return trees.map(Tree::text).toList();
  }

  @Test
  void everyAlertHasACaseThatFiresAndOneThatDoesNot() {
    Set<String> alerts = new HashSet<>(names());
    assertEquals(alerts, Rules.tested(true));
    assertEquals(alerts, Rules.tested(false));
  }

  private static List<String> names() {
    return texts(RULES.alerts().stream().map(alert -> alert.at("alert")));
  }

  @Test
  void everyAlertIsExplainedInItsOrderAndNothingElse() {
    List<String> sections =
        SECTION
            .matcher(Markdown.page("docs/alerts.md").text())
            .results()
            .map(found -> found.group(1))
            .toList();
    assertEquals(names(), sections);
  }

  @Test
  void everyAlertSaysHowBadItIsAndWhereToReadOn() {
    for (Tree alert : RULES.alerts()) {
      String name = alert.at("alert").text();
      Tree texts = alert.at("annotations");
      assertTrue(
          Set.of("critical", "warning").contains(alert.at("labels").at("severity").text()), name);
      assertFalse(texts.at("summary").text().isBlank(), name);
      assertFalse(texts.at("description").text().isBlank(), name);
      assertEquals(
          "docs/alerts.md#" + name.toLowerCase(Locale.ROOT), texts.at("runbook_url").text());
    }
  }

  /** A group of its own for each, since promtool names the group of what does not parse. */
  @Test
  void everyExpressionParses() throws Exception {
    List<Map<String, Object>> groups = new ArrayList<>();
    for (Query query : queries().toList()) {
      assertFalse(query.text().contains("$"), () -> query + ": there is no such variable");
      String name = groups.size() + " " + query.place();
      Map<String, String> rule = Map.of("record", "parsed", "expr", query.text());
      groups.add(Map.of("name", name, "rules", List.of(rule)));
    }
    String text = new Dump(DumpSettings.builder().build()).dumpToString(Map.of("groups", groups));
    Path file = Files.writeString(folder.resolve("expressions.yaml"), text);
    succeeds("check", "rules", "--lint=none", file.toString());
  }

  private static Stream<Query> queries() {
    return Stream.concat(RULES.queries().stream(), DASHBOARD.queries().stream());
  }

  @Test
  void everyMetricAndLabelIsInALiveScrape() {
    assertEquals(List.of(), queries().flatMap(AlertsAndDashboardIT::unknown).toList());
  }

  @Test
  void whatNoScrapeShowsIsNamedWithItsPlace() {
    Query query =
        Query.beside("a panel", "sum by (tenant) (rate(tollgate_checks{verb=\"x\"}[5m]))", "");
    assertEquals(
        List.of(
            "no scrape has the metric tollgate_checks; " + query,
            "no metric in it has the label tenant; " + query),
        unknown(query).toList());
    Query label =
        Query.beside("an alert", "tollgate_checks_total{door=\"http\"}", "{{identifier}}");
    assertEquals(
        List.of(
            "tollgate_checks_total has no label door; " + label,
            "no metric in it has the label identifier; " + label),
        unknown(label).toList());
  }

  /** What is wrong with the names of an expression, beside the scrape. */
  private static Stream<String> unknown(Query query) {
    Map<String, Set<String>> known = new TreeMap<>(scraped);
    known.putAll(RULES.recorded());
    // Prometheus writes it of every target.
    known.put("up", Set.of());
    PromQl read = PromQl.of(query.text());
    List<String> wrong = new ArrayList<>();
    Set<String> labels = new HashSet<>(OF_PROMETHEUS);
    for (PromQl.Selector selector : read.selectors()) {
      if (!known.containsKey(selector.metric())) {
        wrong.add("no scrape has the metric " + selector.metric());
        continue;
      }
      Set<String> own = new HashSet<>(known.get(selector.metric()));
      own.addAll(OF_PROMETHEUS);
      labels.addAll(own);
      selector.conditions().stream()
          .filter(condition -> !own.contains(condition.label()))
          .forEach(c -> wrong.add(selector.metric() + " has no label " + c.label()));
    }
    Stream.concat(read.grouped().stream(), query.named().stream())
        .distinct()
        .filter(label -> !labels.contains(label))
        .forEach(label -> wrong.add("no metric in it has the label " + label));
    return wrong.stream().map(what -> what + "; " + query);
  }

  /** A typing error in a value would make an alert that never fires. */
  @Test
  void everyWordThatALabelIsComparedWithIsDocumented() {
    Set<String> documented = new HashSet<>();
    for (String page : List.of("docs/metrics.md", "docs/errors.md")) {
      QUOTED
          .matcher(Markdown.page(page).text())
          .results()
          .map((MatchResult found) -> found.group(1).toLowerCase(Locale.ROOT))
          .forEach(documented::add);
    }
    List<String> undocumented =
        queries()
            .flatMap(query ->
                PromQl.of(query.text())
                    .conditions()
                    .filter(condition -> !OF_PROMETHEUS.contains(condition.label()))
                    .map(PromQl.Condition::value)
                    .filter(value -> WORDS.matcher(value).matches())
                    .flatMap(value -> Stream.of(value.split("\\|", -1)))
                    .filter(word -> !documented.contains(word))
                    .map(word -> word + "; " + query))
            .toList();
    assertEquals(List.of(), undocumented);
  }

  @Test
  void everyPanelSaysWhatItShowsInWhichUnitAndOfTheSourceThatTheUserChose() {
    Set<String> ids = new HashSet<>();
    for (Tree panel : DASHBOARD.panels()) {
      String title = panel.at("title").text();
      assertTrue(ids.add(panel.at("id").text()), () -> title + ": another panel has this id");
      assertFalse(panel.at("description").text().isBlank(), title);
      assertFalse(panel.at("fieldConfig").at("defaults").at("unit").text().isBlank(), title);
      Stream.concat(Stream.of(panel), panel.at("targets").each())
          .map(of -> of.at("datasource").at("uid").text())
          .forEach(source -> assertEquals("${datasource}", source, title));
    }
    assertEquals(
        List.of("datasource", "instance", "namespace"),
        texts(DASHBOARD.variables().stream().map(variable -> variable.at("name"))));
  }
}
