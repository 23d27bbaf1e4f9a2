package io.tollgate.server.observe;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The rules of Prometheus that we ship.
 *
 * @param all the rules, in order
 */
record Rules(List<Tree> all) {

  static final String FILE = "integrations/prometheus/tollgate.rules.yaml";

  /** Their unit tests; the second ones play days in larger steps. */
  static final List<String> TESTS =
      List.of(
          "integrations/prometheus/tollgate.rules.test.yaml",
          "integrations/prometheus/tollgate.rules.days.test.yaml");

  /** Reads the file. */
  static Rules read() {
    return new Rules(
        Tree.read(FILE).at("groups").each().flatMap(group -> group.at("rules").each()).toList());
  }

  /** The alerts, in order. */
  List<Tree> alerts() {
    return all.stream().filter(rule -> !rule.at("alert").isAbsent()).toList();
  }

  /** What each rule asks. */
  List<Query> queries() {
    return all.stream()
        .map(rule ->
            Query.beside(
                FILE + ", " + rule.at("alert").text() + rule.at("record").text(),
                rule.at("expr").text(),
                rule.at("annotations").texts().collect(Collectors.joining("\n"))))
        .toList();
  }

  /** The series that they record, with the labels that these keep. */
  Map<String, Set<String>> recorded() {
    return all.stream()
        .filter(rule -> !rule.at("record").isAbsent())
        .collect(
            Collectors.toMap(
                rule -> rule.at("record").text(),
                rule -> PromQl.of(rule.at("expr").text()).grouped()));
  }

  /**
   * The alerts that have a case in the unit tests.
   *
   * @param fires whether it is one that fires, or one that does not
   */
  static Set<String> tested(boolean fires) {
    return TESTS.stream()
        .flatMap(path -> Tree.read(path).at("tests").each())
        .flatMap(test -> test.at("alert_rule_test").each())
        .filter(one -> fires == one.at("exp_alerts").each().findAny().isPresent())
        .map(one -> one.at("alertname").text())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
