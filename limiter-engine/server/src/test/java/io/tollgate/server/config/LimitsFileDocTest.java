package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.Markdown;
import io.tollgate.server.Markdown.Block;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Holds docs/limits-file.md to what the reader really does. */
class LimitsFileDocTest {

  private static final Markdown PAGE = Markdown.page("docs/limits-file.md");

  @Test
  void everyExampleIsGoodOrHasExactlyTheProblemsThatFollowIt() {
    List<Block> blocks = PAGE.blocks();
    int examples = 0;
    for (int i = 0; i < blocks.size(); i++) {
      if (blocks.get(i).language().equals("yaml")) {
        boolean followed = i + 1 < blocks.size() && blocks.get(i + 1).language().equals("text");
        List<String> expected = followed ? blocks.get(i + 1).text().lines().toList() : List.of();
        assertEquals(
            String.join("\n", expected),
            String.join("\n", Yaml.problems(blocks.get(i).text())),
            "example " + examples);
        examples++;
      }
    }
    assertEquals(5, examples);
  }

  @Test
  void theExampleOfTheApiIsShownInTheFormThatFollowsIt() {
    List<String> json =
        PAGE.blocks().stream().filter(b -> b.language().equals("json")).map(Block::text).toList();
    assertEquals(2, json.size());
    assertEquals(json.get(1).strip(), NamespaceJson.write(NamespaceJson.parse("api", json.get(0))));
  }

  @Test
  void everyFieldIsDocumented() {
    for (String field : LimitReader.FIELDS) {
      assertTrue(PAGE.text().contains("`" + field + "`"), field);
    }
    for (String field : NamespaceReader.FIELDS) {
      assertTrue(PAGE.text().contains("`" + field + "`"), field);
    }
    for (String field : DescriptorReader.FIELDS) {
      assertTrue(PAGE.text().contains("`" + field + "`"), field);
    }
    for (String algorithm : AlgorithmKind.BY_NAME.keySet()) {
      assertTrue(PAGE.text().contains(algorithm), algorithm);
    }
  }
}
