package io.tollgate.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.openapi.ApiDocument;
import io.tollgate.server.openapi.Operation;
import io.tollgate.server.openapi.Tree;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** What the API's document says of a namespace is what the reader takes. */
class NamespaceSchemaPropertyTest {

  private static final ApiDocument DOCUMENT = ApiDocument.get();
  private static final Tree SCHEMA = DOCUMENT.schema("Namespace");

  private static final List<Object> ODD =
      List.of(
          true,
          "",
          "no such word",
          "x".repeat(129),
          "1x",
          "0s",
          -1L,
          0L,
          (1L << 53),
          new BigDecimal("1.5"),
          List.of(),
          Map.of());

  @Provide
  Arbitrary<NamespaceSpec> namespaces() {
    return Namespaces.any();
  }

  @Property
  void theSchemaTakesEveryNamespaceThatTheServerAnswers(@ForAll("namespaces") NamespaceSpec spec) {
    String json = NamespaceJson.write(spec);
    assertEquals(List.of(), DOCUMENT.schemas().problems(SCHEMA, Tree.json(json).value()), json);
  }

  @Example
  void everyFieldOfTheReaderIsInTheSchema() {
    assertEquals(fields("Namespace"), new TreeSet<>(NamespaceReader.FIELDS));
    assertEquals(fields("Limit"), new TreeSet<>(LimitReader.FIELDS));
    assertEquals(fields("Override"), new TreeSet<>(OverrideReader.FIELDS));
    assertEquals(fields("Descriptor"), new TreeSet<>(DescriptorReader.FIELDS));
  }

  private static Set<String> fields(String schema) {
    return new TreeSet<>(DOCUMENT.schema(schema).fields("properties").keySet());
  }

  @Example
  void whatTheSchemaRefusesTheReaderRefuses() {
    Operation put = DOCUMENT.operation("PUT", "/v1/namespaces/n").orElseThrow();
    Tree whole = put.bodyExamples().values().iterator().next().at("value");
    NamespaceJson.parse("n", whole.json());
    List<Tree> refused = new ArrayList<>();
    for (Tree changed : changes(whole)) {
      if (!DOCUMENT.schemas().problems(SCHEMA, changed.value()).isEmpty()) {
        refused.add(changed);
        assertThrows(
            ConfigException.class, () -> NamespaceJson.parse("n", changed.json()), changed.json());
      }
    }
    assertTrue(refused.size() > 500, refused.size() + " refused");
  }

  /** The value with one part of it, however deep, left out, misspelt or replaced. */
  private static List<Tree> changes(Tree value) {
    List<Tree> changes = new ArrayList<>();
    switch (value.value()) {
      case Map<?, ?> _ ->
          value
              .fields()
              .forEach((name, part) -> {
                changes.add(value.without(name));
                changes.add(value.without(name).with(name + "x", part.value()));
                changes(part).forEach(c -> changes.add(value.with(name, c.value())));
              });
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          for (Tree change : changes(value.items().get(i))) {
            List<@Nullable Object> copy = new ArrayList<>(list);
            copy.set(i, change.value());
            changes.add(new Tree(copy));
          }
        }
      }
      case null, default -> {}
    }
    ODD.forEach(odd -> changes.add(new Tree(odd)));
    return changes;
  }
}
