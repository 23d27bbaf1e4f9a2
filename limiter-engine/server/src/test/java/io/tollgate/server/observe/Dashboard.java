package io.tollgate.server.observe;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The dashboard of Grafana that we ship. */
record Dashboard(Tree tree) {

  static final String FILE = "integrations/grafana/tollgate.json";

  private static final Pattern VALUES = Pattern.compile("label_values\\((.+), ([a-z_]+)\\)");

  /** Reads the file. */
  static Dashboard read() {
    return new Dashboard(Tree.read(FILE));
  }

  /** The panels, without the headings of rows. */
  List<Tree> panels() {
    return tree.at("panels")
        .each()
        .filter(panel -> !panel.at("type").text().equals("row"))
        .toList();
  }

  /** The variables that a user chooses. */
  List<Tree> variables() {
    return tree.at("templating").at("list").each().toList();
  }

  /** What each panel and each variable asks. */
  List<Query> queries() {
    return Stream.concat(
            panels().stream().flatMap(this::queries),
            variables().stream()
                .filter(variable -> variable.at("type").text().equals("query"))
                .map(this::query))
        .toList();
  }

  private Stream<Query> queries(Tree panel) {
    return panel
        .at("targets")
        .each()
        .map(target ->
            Query.beside(
                FILE + ", panel " + panel.at("title").text(),
                plain(target.at("expr").text()),
                target.at("legendFormat").text()));
  }

  /** Grafana asks for the values of a label, which Prometheus would tell by a grouping. */
  private Query query(Tree variable) {
    String text = variable.at("query").at("query").text();
    Matcher values = VALUES.matcher(text);
    if (!values.matches()) {
      throw new IllegalStateException("label_values(metric, label) is all that is read: " + text);
    }
    String expression = "count by (" + values.group(2) + ") (" + plain(values.group(1)) + ")";
    return Query.beside(FILE + ", variable " + variable.at("name").text(), expression, "");
  }

  /** Grafana puts in the choice of the user; a variable that there is not stays as it is. */
  private String plain(String expression) {
    String plain = expression.replace("$__rate_interval", "5m").replace("$__interval", "1m");
    for (Tree variable : variables()) {
      String name = Pattern.quote(variable.at("name").text());
      plain = plain.replaceAll("\\$(?:" + name + "\\b|\\{" + name + "})", ".*");
    }
    return plain;
  }
}
