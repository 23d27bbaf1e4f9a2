package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.catalog.DescriptorSpec;
import io.tollgate.limiter.catalog.LimitSpec;
import io.tollgate.limiter.catalog.NamespaceSpec;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes a limits file for people: namespaces of fixed windows, which is what imports make. */
final class LimitsText {

  /** What YAML and our reader take for a text without quotes. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");

  private static final Pattern WORD = Pattern.compile("(?i)true|false|null");

  private final StringBuilder text = new StringBuilder("version: 1\nnamespaces:\n");

  private LimitsText() {}

  static String write(List<NamespaceSpec> namespaces) {
    LimitsText writer = new LimitsText();
    namespaces.forEach(writer::namespace);
    return writer.text.toString();
  }

  private void namespace(NamespaceSpec namespace) {
    text.append("  ").append(quoted(namespace.name())).append(":\n");
    limits("    ", namespace.limits());
    if (!namespace.descriptors().isEmpty()) {
      text.append("    descriptors:\n");
      namespace.descriptors().forEach(this::descriptor);
    }
  }

  private void limits(String indent, List<LimitSpec> limits) {
    text.append(indent).append("limits:");
    if (limits.isEmpty()) {
      text.append(" []");
    }
    text.append('\n');
    limits.forEach(limit -> text.append(indent).append("  - ").append(limit(limit)).append('\n'));
  }

  private void descriptor(DescriptorSpec descriptor) {
    String match =
        descriptor.match().stream().map(LimitsText::entry).collect(Collectors.joining(", "));
    text.append("      - match: [").append(match).append("]\n");
    if (!descriptor.replaces().isEmpty()) {
      String names =
          descriptor.replaces().stream().map(LimitsText::quoted).collect(Collectors.joining(", "));
      text.append("        replaces: [").append(names).append("]\n");
    }
    if (descriptor.shadow()) {
      text.append("        shadow: true\n");
    }
    if (descriptor.detailed()) {
      text.append("        metrics: detailed\n");
    }
    if (descriptor.unlimited()) {
      text.append("        unlimited: true\n");
    } else {
      limits("        ", descriptor.limits());
    }
  }

  private static String entry(DescriptorSpec.Match entry) {
    String value = entry.value();
    return "{key: "
        + quoted(entry.key())
        + (value == null ? "" : ", value: " + quoted(value))
        + "}";
  }

  private static String limit(LimitSpec limit) {
    if (!(limit.algorithm() instanceof Algorithm.FixedWindow window)
        || !(window.period() instanceof Period.Span(long micros))) {
      throw new IllegalArgumentException(limit + " is no fixed window of fixed length");
    }
    return "{name: "
        + quoted(limit.name())
        + ", algorithm: fixed_window, limit: "
        + window.limit()
        + ", period: "
        + Durations.text(micros)
        + (window.alignment() instanceof Alignment.FirstCall ? ", align: first_call" : "")
        + (limit.per() == LimitSpec.Per.NAMESPACE ? ", per: namespace" : "")
        + "}";
  }

  private static String quoted(String value) {
    if (PLAIN.matcher(value).matches() && !WORD.matcher(value).matches()) {
      return value;
    }
    StringBuilder quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').appendCodePoint(c);
          } else if ((c >= ' ' && c < 0x7F) || Character.isLetterOrDigit(c)) {
            quoted.appendCodePoint(c);
          } else {
            quoted.append(String.format(Locale.ROOT, "\\U%08x", c));
          }
        });
    return quoted.append('"').toString();
  }
}
