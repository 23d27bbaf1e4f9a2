package io.tollgate.server.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.text.Shown;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.List;

/**
 * An examination as people and programs read it.
 *
 * @param findings what was found, in the order of the report
 */
public record Report(List<Finding> findings) {

  /** A name of a check has at most as many characters; texts stand below each other. */
  private static final int CHECK_WIDTH = 16;

  private static final int VERDICT_WIDTH = 9;

  /** A path may be long; a line that is longer helps nobody. */
  private static final int LONGEST = 1_000;

  private static final JsonFactory FACTORY = new JsonFactory();

  /** The worst of all; ok when there are none. */
  public Verdict verdict() {
    return findings.stream()
        .map(Finding::verdict)
        .max(Comparator.naturalOrder())
        .orElse(Verdict.OK);
  }

  /** A line for each finding, with its fix below; then a sum. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Finding finding : findings) {
      text.append(pad(finding.verdict().word(), VERDICT_WIDTH))
          .append(pad(finding.check(), CHECK_WIDTH))
          .append(Shown.line(finding.text(), LONGEST))
          .append('\n');
      finding
          .fix()
          .ifPresent(fix ->
              text.append(" ".repeat(VERDICT_WIDTH + CHECK_WIDTH))
                  .append("-> ")
                  .append(Shown.line(fix, LONGEST))
                  .append('\n'));
    }
    return text.append(sum()).append('\n').toString();
  }

  private String sum() {
    long wrong = count(Verdict.WRONG);
    long warnings = count(Verdict.WARNING);
    return switch (verdict()) {
      case OK -> "All is well.";
      case WARNING -> "Nothing is wrong; " + plural(warnings, "warning") + ".";
      case WRONG -> plural(wrong, "thing") + " wrong, " + plural(warnings, "warning") + ".";
    };
  }

  private long count(Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  private static String plural(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }

  /** One line: the worst verdict, then each finding; a fix stands where there is one. */
  public String json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("verdict", verdict().word());
      json.writeArrayFieldStart("findings");
      for (Finding finding : findings) {
        json.writeStartObject();
        json.writeStringField("check", finding.check());
        json.writeStringField("verdict", finding.verdict().word());
        json.writeStringField("text", Shown.line(finding.text(), LONGEST));
        if (finding.fix().isPresent()) {
          json.writeStringField("fix", Shown.line(finding.fix().get(), LONGEST));
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.append('\n').toString();
  }
}
