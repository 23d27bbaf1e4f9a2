package io.tollgate.server;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A scrape, read strictly: whatever a scraper could stumble over fails.
 *
 * <p>Reads the classic text format 0.0.4 and OpenMetrics 1.0, which differ in the names of counters
 * and in the end.
 */
public final class Exposition {

  private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-z_]+) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+)(?:\\{(.*)})? (-?[0-9.]+(?:E-?[0-9]+)?)");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"\\\\\n]*)\"(?:,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "info");

  /**
   * One metric.
   *
   * @param type counter, gauge, histogram, summary or info
   * @param samples values by name and labels, in their order
   */
  public record Family(String type, Map<Sample, Double> samples) {

    /** The names of the labels of all samples. */
    public Set<String> labelNames() {
      Set<String> names = new HashSet<>();
      samples.keySet().forEach(sample -> names.addAll(sample.labels().keySet()));
      return names;
    }
  }

  /** What has a value. */
  public record Sample(String name, Map<String, String> labels) {}

  private final boolean openMetrics;
  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Set<String> helped = new HashSet<>();
  private String current = "";

  private Exposition(boolean openMetrics) {
    this.openMetrics = openMetrics;
  }

  /** Reads the classic text. */
  public static Exposition classic(String text) {
    return read(text, false);
  }

  /** Reads OpenMetrics. */
  public static Exposition openMetrics(String text) {
    return read(text, true);
  }

  private static Exposition read(String text, boolean openMetrics) {
    require(text.endsWith("\n"), "the last line has no end");
    List<String> lines = new ArrayList<>(text.lines().toList());
    if (openMetrics) {
      require(lines.removeLast().equals("# EOF"), "no # EOF at the end");
    }
    Exposition read = new Exposition(openMetrics);
    lines.forEach(read::line);
    read.families.forEach(read::requireSound);
    return read;
  }

  private void line(String line) {
    if (line.startsWith("#")) {
      Matcher meta = META.matcher(line);
      require(meta.matches(), line);
      meta(meta.group(1), meta.group(2), meta.group(3));
    } else {
      sample(line);
    }
  }

  private void meta(String kind, String name, String text) {
    if (kind.equals("HELP")) {
      require(helped.add(name), "two HELP of " + name);
      return;
    }
    require(TYPES.contains(text), "type " + text);
    require(
        families.put(name, new Family(text, new LinkedHashMap<>())) == null, "two TYPE of " + name);
    current = name;
  }

  private void sample(String line) {
    Matcher sample = SAMPLE.matcher(line);
    require(sample.matches(), line);
    String name = sample.group(1);
    Family family = family(current);
    require(suffixes(family.type()).contains(name.substring(baseOf(name).length())), line);
    Sample of = new Sample(name, labels(sample.group(2)));
    Double value = Double.valueOf(sample.group(3));
    require(family.samples().put(of, value) == null, line + " occurs twice");
    require(value >= 0, line + " is negative");
  }

  private String baseOf(String name) {
    require(name.startsWith(current), name + " stands under " + current);
    return current;
  }

  /** What may follow the name of a family. */
  private Set<String> suffixes(String type) {
    return switch (type) {
      case "counter" -> Set.of(openMetrics ? "_total" : "");
      case "histogram" -> Set.of("_bucket", "_count", "_sum");
      case "summary" -> Set.of("_count", "_sum");
      case "info" -> Set.of("_info");
      default -> Set.of("");
    };
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text == null) {
      return labels;
    }
    Matcher label = LABEL.matcher(text);
    int end = 0;
    while (label.find()) {
      require(label.start() == end, text);
      require(labels.put(label.group(1), label.group(2)) == null, text);
      end = label.end();
    }
    require(end == text.length() && !labels.isEmpty(), text);
    return labels;
  }

  private void requireSound(String name, Family family) {
    require(helped.contains(name), name + " has no HELP");
    require(!family.samples().isEmpty(), name + " is empty");
    if (family.type().equals("counter") && !openMetrics) {
      require(name.endsWith("_total"), name + " does not end with _total");
    }
    if (family.type().equals("histogram")) {
      requireCumulative(name, family);
    }
  }

  /** Buckets rise, and the last one is the count. */
  private static void requireCumulative(String name, Family family) {
    Map<Map<String, String>, Double> last = new LinkedHashMap<>();
    family
        .samples()
        .forEach((sample, value) -> {
          Map<String, String> labels = new TreeMap<>(sample.labels());
          String bound = labels.remove("le");
          if (bound != null) {
            require(value >= last.getOrDefault(labels, 0.0), sample + " falls");
            last.put(labels, value);
          } else if (sample.name().equals(name + "_count")) {
            require(value.equals(last.get(labels)), sample + " is not the last bucket");
          }
        });
  }

  private static void require(boolean sound, String otherwise) {
    if (!sound) {
      throw new AssertionError(otherwise);
    }
  }

  /** The family of a name. */
  public Family family(String name) {
    Family family = families.get(name);
    if (family == null) {
      throw new AssertionError("no family " + name + " in " + families.keySet());
    }
    return family;
  }

  /** All families by name, in their order. */
  public Map<String, Family> families() {
    return families;
  }

  /**
   * The value of a sample; 0 when there is none.
   *
   * @param labels names and values in turn
   */
  public double value(String name, String... labels) {
    Map<String, String> wanted = new TreeMap<>();
    for (int i = 0; i < labels.length; i += 2) {
      wanted.put(labels[i], labels[i + 1]);
    }
    Sample sample = new Sample(name, wanted);
    return families.values().stream()
        .mapToDouble(family -> family.samples().getOrDefault(sample, 0.0))
        .sum();
  }

  /** Whether a family has a sample with this value of a label. */
  public boolean hasLabel(String family, String label, String value) {
    Family of = families.get(family);
    return of != null
        && of.samples().keySet().stream().anyMatch(s -> value.equals(s.labels().get(label)));
  }
}
