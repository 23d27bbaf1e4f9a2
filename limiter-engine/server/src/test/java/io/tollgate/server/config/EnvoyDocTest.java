package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.DescriptorEntry;
import io.tollgate.limiter.catalog.DescriptorIdentifier;
import io.tollgate.server.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds docs/envoy.md to the identifiers that descriptors really have. */
class EnvoyDocTest {

  private static final Pattern ROW =
      Pattern.compile("^\\| (`[^|]*:[^|]*`) \\| `([^`|]*=[^`|]*)` \\|$", Pattern.MULTILINE);
  private static final Pattern ENTRY = Pattern.compile("`([^`:]+):(?: ([^`]*))?`");

  @Test
  void everyDescriptorHasTheIdentifierThatStandsBesideIt() {
    List<String> wrong = new ArrayList<>();
    int rows = 0;
    for (var row : ROW.matcher(Markdown.page("docs/envoy.md").text()).results().toList()) {
      List<DescriptorEntry> entries =
          ENTRY
              .matcher(row.group(1))
              .results()
              .map(e -> new DescriptorEntry(e.group(1), e.group(2) == null ? "" : e.group(2)))
              .toList();
      String identifier = DescriptorIdentifier.of(entries);
      if (!identifier.equals(row.group(2))) {
        wrong.add(row.group(2) + " is " + identifier);
      }
      rows++;
    }
    assertEquals(List.of(), wrong);
    assertEquals(6, rows);
  }

  @Test
  void everyFieldThatAnImportKnowsIsExplained() {
    Markdown page = Markdown.page("docs/envoy.md");
    for (Imports.Format format : Imports.Format.values()) {
      assertTrue(page.text().contains("tollgate import " + format.text() + " "), format.text());
    }
    Set<String> cells =
        page.text().lines().filter(l -> l.startsWith("| ")).collect(Collectors.toSet());
    List<String> fields =
        Stream.of(EnvoyImport.DESCRIPTOR, EnvoyImport.RATE_LIMIT, LimitadorImport.FIELDS)
            .flatMap(List::stream)
            .filter(field -> !field.equals("key") && !field.equals("rate_limit"))
            .toList();
    for (String field : fields) {
      String shown = "`" + field;
      assertTrue(cells.stream().anyMatch(l -> l.split("\\|", 3)[1].contains(shown)), field);
    }
  }
}
