package io.tollgate.checks;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules about Markdown: links that lead somewhere, pages that can be reached. */
final class MarkdownRules {
  private static final Pattern LINK =
      Pattern.compile("\\]\\(<?([^)\\s>]+)>?(?:\\s+\"[^\"]*\")?\\)");
  private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*)");
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*:.*");

  private MarkdownRules() {}

  /** A link of a page, resolved: the path it leads to and the heading in it, "" for none. */
  private record Link(int line, String target, String anchor) {}

  static List<Finding> brokenLinks(List<Source> sources) {
    Map<String, Source> byPath =
        sources.stream().collect(Collectors.toMap(Source::path, Function.identity()));
    Set<String> folders = folders(byPath.keySet());
    List<Finding> findings = new ArrayList<>();
    for (Source page : sources) {
      for (Link link : links(page)) {
        Source target = byPath.get(link.target());
        if (target == null && !folders.contains(link.target())) {
          findings.add(
              new Finding(page.path(), link.line(), "link to " + link.target() + ": no such file"));
        } else if (target != null
            && target.isMarkdown()
            && !link.anchor().isEmpty()
            && !headings(target).contains(link.anchor())) {
          findings.add(
              new Finding(
                  page.path(),
                  link.line(),
                  "link to #" + link.anchor() + ": no such heading in " + link.target()));
        }
      }
    }
    return findings;
  }

  /** Pages below docs/ that no other page links to. */
  static List<Finding> unreachablePages(List<Source> sources) {
    Set<String> linked = new HashSet<>();
    for (Source page : sources) {
      links(page).stream()
          .map(Link::target)
          .filter(target -> !target.equals(page.path()))
          .forEach(linked::add);
    }
    return sources.stream()
        .filter(page -> page.isMarkdown() && page.path().startsWith("docs/"))
        .filter(page -> !linked.contains(page.path()))
        .map(page -> new Finding(page.path(), 1, "no other page links here; link it or remove it"))
        .toList();
  }

  private static List<Link> links(Source page) {
    List<Link> links = new ArrayList<>();
    if (!page.isMarkdown()) {
      return links;
    }
    boolean fenced = false;
    List<String> lines = page.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).stripLeading().startsWith("```")) {
        fenced = !fenced;
      }
      if (fenced) {
        continue;
      }
      Matcher matcher = LINK.matcher(CODE_SPAN.matcher(lines.get(i)).replaceAll("code"));
      while (matcher.find()) {
        String address = matcher.group(1);
        if (!SCHEME.matcher(address).matches()) {
          links.add(link(page, i + 1, address));
        }
      }
    }
    return links;
  }

  private static Link link(Source page, int line, String address) {
    int hash = address.indexOf('#');
    String path = hash < 0 ? address : address.substring(0, hash);
    String anchor = hash < 0 ? "" : address.substring(hash + 1);
    return new Link(line, path.isEmpty() ? page.path() : resolve(page.path(), path), anchor);
  }

  private static String resolve(String from, String to) {
    List<String> parts = new ArrayList<>(List.of(from.split("/")));
    parts.removeLast();
    for (String part : to.split("/", -1)) {
      if (part.equals("..") && !parts.isEmpty()) {
        parts.removeLast();
      } else if (!part.equals(".") && !part.isEmpty()) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private static Set<String> folders(Set<String> paths) {
    Set<String> folders = new HashSet<>(Set.of(""));
    for (String path : paths) {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        folders.add(path.substring(0, slash));
      }
    }
    return folders;
  }

  /** Names of the headings as the usual renderers make them: lower case, dashes, no signs. */
  private static Set<String> headings(Source page) {
    Set<String> names = new HashSet<>();
    for (String line : page.lines()) {
      Matcher matcher = HEADING.matcher(line);
      if (matcher.matches()) {
        String name = matcher.group(1).strip().toLowerCase(Locale.ROOT);
        names.add(name.replaceAll("[^\\p{L}\\p{N}\\s_-]", "").replace(' ', '-'));
      }
    }
    return names;
  }
}
