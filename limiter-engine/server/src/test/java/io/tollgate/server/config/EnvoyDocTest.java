package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tollgate.limiter.catalog.DescriptorEntry;
import io.tollgate.limiter.catalog.DescriptorIdentifier;
import io.tollgate.server.Markdown;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
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
}
