package io.tollgate.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules that look at one text file, line by line. */
final class TextRules {
  static final int MAX_COLUMNS = 100;

  private static final Pattern URL = Pattern.compile("https?://\\S+");

  /** In two parts each, so that this file does not find itself. */
  private static final Pattern MARKER =
      Pattern.compile("\\b(" + "TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

  /** Languages whose own formatter, or whose tool, wants tabs. */
  private static final Set<String> TABBED = Set.of("go", "mk", "gitmodules");

  /** Files of such languages that have no extension. */
  private static final Set<String> TABBED_NAMES = Set.of("Makefile", "Caddyfile");

  /** Hosts of package registries, split for the same reason. */
  private static final List<String> REGISTRIES =
      List.of(
          host("repo1", "maven", "org"),
          host("repo", "maven", "apache", "org"),
          host("central", "sonatype", "com"),
          host("oss", "sonatype", "org"),
          host("registry", "npmjs", "org"),
          host("registry", "yarnpkg", "com"),
          host("pypi", "org"),
          host("files", "pythonhosted", "org"),
          host("proxy", "golang", "org"),
          host("sum", "golang", "org"),
          host("index", "crates", "io"),
          host("static", "crates", "io"),
          host("rubygems", "org"),
          host("deb", "debian", "org"),
          host("security", "debian", "org"),
          host("deb", "nodesource", "com"),
          host("plugins", "gradle", "org"));

  private TextRules() {}

  static List<Finding> longLines(Source source) {
    List<Finding> findings = new ArrayList<>();
    if (!source.isCode()) {
      return findings;
    }
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int columns = line.codePointCount(0, line.length());
      if (columns > MAX_COLUMNS && !mayBeLong(source, line)) {
        findings.add(finding(source, i, columns + " columns; break it at " + MAX_COLUMNS));
      }
    }
    return findings;
  }

  static List<Finding> markers(Source source) {
    return matches(
        source, MARKER, "leftover marker %s; do it, or file an issue and remove the line");
  }

  static List<Finding> registries(Source source) {
    List<Finding> findings = new ArrayList<>();
    for (String registry : REGISTRIES) {
      Pattern host = Pattern.compile("(?<![\\w.-])" + Pattern.quote(registry) + "(?![\\w-])");
      findings.addAll(
          matches(
              source, host, "%s; registries are the machine's own setting, remove the address"));
    }
    return findings;
  }

  static List<Finding> blanks(Source source) {
    List<Finding> findings = new ArrayList<>();
    boolean tabbed = TABBED_NAMES.contains(source.name()) || TABBED.contains(source.extension());
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (!line.isEmpty() && Character.isWhitespace(line.charAt(line.length() - 1))) {
        findings.add(finding(source, i, "blanks at the end of the line; remove them"));
      }
      if (!tabbed && line.indexOf('\t') >= 0) {
        findings.add(finding(source, i, "a tab; use spaces"));
      }
    }
    if (source.text().indexOf('\r') >= 0) {
      findings.add(finding(source, 0, "carriage returns; lines end with a newline only"));
    }
    if (!source.text().isEmpty() && !source.text().endsWith("\n")) {
      findings.add(finding(source, Math.max(0, lines.size() - 1), "no newline at the end; add it"));
    }
    return findings;
  }

  /** Imports cannot be broken, nor can addresses; what stands beside an address must still fit. */
  private static boolean mayBeLong(Source source, String line) {
    if (source.isJava() && (line.startsWith("import ") || line.startsWith("package "))) {
      return true;
    }
    String rest = URL.matcher(line).replaceAll("");
    return rest.length() < line.length() && rest.length() <= MAX_COLUMNS;
  }

  private static List<Finding> matches(Source source, Pattern pattern, String fix) {
    List<Finding> findings = new ArrayList<>();
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = pattern.matcher(lines.get(i));
      if (matcher.find()) {
        findings.add(finding(source, i, fix.formatted(matcher.group())));
      }
    }
    return findings;
  }

  private static Finding finding(Source source, int index, String fix) {
    return new Finding(source.path(), index + 1, fix);
  }

  private static String host(String... labels) {
    return String.join(".", labels);
  }
}
