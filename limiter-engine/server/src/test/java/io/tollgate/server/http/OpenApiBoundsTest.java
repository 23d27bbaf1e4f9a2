package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.openapi.ApiDocument;
import io.tollgate.server.openapi.Operation;
import io.tollgate.server.openapi.Tree;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The schema of a request and the server agree on what is good, at each bound and beyond it. */
class OpenApiBoundsTest {

  private static final ApiDocument DOCUMENT = ApiDocument.get();

  /** Values that few fields take. */
  private static final List<@Nullable Object> ODD =
      Collections.unmodifiableList(
          new ArrayList<@Nullable Object>(
              Arrays.<@Nullable Object>asList(
                  null,
                  true,
                  "",
                  "a b",
                  "ä",
                  "*",
                  -1L,
                  0L,
                  1L,
                  new BigDecimal("1.5"),
                  List.of(),
                  Map.of())));

  @Test
  void theServerTakesWhatTheSchemaTakesAndNothingElse() throws IOException {
    int asked = 0;
    try (TestDoor door =
        TestDoor.over(NamespaceSpec.of("*", List.of(TestDoor.perMinute(9), TestDoor.atOnce(9))))) {
      for (Operation operation : DOCUMENT.operations()) {
        // What a namespace may be is more than its schema can say; its own test asks the reader.
        if (operation.hasBody() && operation.method().equals("POST")) {
          asked += agree(door, operation);
        }
      }
    }
    assertTrue(asked >= 500, asked + " bodies");
  }

  private static int agree(TestDoor door, Operation operation) throws IOException {
    Tree good = operation.bodyExamples().values().iterator().next().at("value");
    Map<String, Tree> bodies = new LinkedHashMap<>();
    Map<String, Tree> own = fields(operation.bodySchema());
    bodies.put("as it is", good);
    bodies.put("no_such_field", good.with("no_such_field", 1));
    own.forEach((name, schema) -> {
      bodies.put("without " + name, good.without(name));
      for (Object value : values(DOCUMENT.follow(schema))) {
        Tree body = good.with(name, value);
        bodies.put(name + " = " + shortened(body.at(name).json()), body);
      }
    });
    // A field that the server knows and the schema does not would be refused for its value.
    namesOfAllFields()
        .forEach(name -> {
          if (!own.containsKey(name)) {
            bodies.put("foreign " + name, good.with(name, List.of()));
          }
        });
    try (Client client = door.client()) {
      String path = withRealId(client, operation.path());
      for (Map.Entry<String, Tree> body : bodies.entrySet()) {
        boolean fits =
            DOCUMENT.schemas().problems(operation.bodySchema(), body.getValue().value()).isEmpty();
        Answer answer = client.call(path, body.getValue().json());
        String where = operation.name() + " " + body.getKey() + ": " + answer.body();
        assertEquals(fits, answer.status() != 400, where);
      }
    }
    return bodies.size();
  }

  private static Set<String> namesOfAllFields() {
    Set<String> names = new TreeSet<>(Set.of("key"));
    DOCUMENT
        .root()
        .at("components", "schemas")
        .fields()
        .values()
        .forEach(schema -> names.addAll(schema.fields("properties").keySet()));
    return names;
  }

  private static String withRealId(Client client, String path) throws IOException {
    int id = path.indexOf("/{id}");
    if (id < 0) {
      return path;
    }
    Answer held = client.call(path.substring(0, id), "{\"identifier\":\"u\",\"namespace\":\"n\"}");
    String field = path.startsWith("/v1/leases") ? "lease_id" : "reservation_id";
    return path.replace("{id}", held.text(field));
  }

  private static Map<String, Tree> fields(Tree schema) {
    Tree followed = DOCUMENT.follow(schema);
    Map<String, Tree> fields = new LinkedHashMap<>();
    followed.items("allOf").forEach(part -> fields.putAll(fields(part)));
    fields.putAll(followed.fields("properties"));
    return fields;
  }

  private static String shortened(String json) {
    return json.length() < 60 ? json : json.substring(0, 60) + "… of " + json.length();
  }

  private static List<@Nullable Object> values(Tree schema) {
    List<@Nullable Object> values = new ArrayList<>(ODD);
    schema.items("enum").forEach(word -> values.add(word.value()));
    for (String bound : List.of("minimum", "maximum")) {
      if (schema.has(bound)) {
        long at = Long.parseLong(schema.at(bound).text());
        values.addAll(List.of(at - 1, at, at + 1));
      }
    }
    if (schema.has("maxLength")) {
      int most = Integer.parseInt(schema.at("maxLength").text());
      values.addAll(List.of("x".repeat(most), "x".repeat(most + 1)));
    }
    if (schema.has("pattern")) {
      values.addAll(List.of("x".repeat(128), "x".repeat(129), "A-z.0_9:"));
    }
    if (schema.has("maxItems")) {
      int most = Integer.parseInt(schema.at("maxItems").text());
      Map<String, Object> item = Map.of("identifier", "u", "namespace", "n", "cost", 0L);
      values.add(Collections.nCopies(most, item));
      values.add(Collections.nCopies(most + 1, item));
    }
    if (schema.has("maxProperties")) {
      maps(schema, values);
    }
    return values;
  }

  /** Objects of texts: as many as can be and one more, and each text at its bound and beyond. */
  private static void maps(Tree schema, List<@Nullable Object> values) {
    int most = Integer.parseInt(schema.at("maxProperties").text());
    for (int count : List.of(most, most + 1)) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        map.put("name" + i, "value");
      }
      values.add(map);
    }
    int name = Integer.parseInt(schema.at("propertyNames", "maxLength").text());
    int text = Integer.parseInt(schema.at("additionalProperties", "maxLength").text());
    values.add(Map.of("n".repeat(name), "v".repeat(text)));
    values.add(Map.of("n".repeat(name + 1), "v"));
    values.add(Map.of("n", "v".repeat(text + 1)));
    values.add(Map.of("n", ""));
    values.add(Map.of("", "v"));
    values.add(Map.of("n", 1L));
  }
}
