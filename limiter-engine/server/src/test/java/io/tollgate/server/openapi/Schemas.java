package io.tollgate.server.openapi;

import io.openapiprocessor.jsonschema.schema.DocumentLoader;
import io.openapiprocessor.jsonschema.schema.JsonInstance;
import io.openapiprocessor.jsonschema.schema.JsonSchema;
import io.openapiprocessor.jsonschema.schema.Output;
import io.openapiprocessor.jsonschema.schema.SchemaStore;
import io.openapiprocessor.jsonschema.validator.ValidationMessage;
import io.openapiprocessor.jsonschema.validator.Validator;
import io.openapiprocessor.jsonschema.validator.ValidatorSettings;
import io.openapiprocessor.jsonschema.validator.steps.ValidationStep;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of the document, for judging values by JSON Schema 2020-12.
 *
 * <p>Safe for use by several threads, one at a time. Nothing is fetched from a network.
 */
public final class Schemas {

  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final String COMPONENTS = "#/components/schemas/";
  private static final URI ALL = URI.create("memory:/schemas");

  private final SchemaStore store = new SchemaStore(loader());
  private final Map<String, JsonSchema> known = new HashMap<>();
  private final Validator validator;

  Schemas(Tree components) {
    ValidatorSettings settings = new ValidatorSettings();
    settings.setOutput(Output.BASIC);
    settings.enableFormat();
    validator = new Validator(settings);
    store.registerDraft202012();
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("$schema", DIALECT);
    all.put("$defs", moved(components.value(), "#/$defs/"));
    store.register(ALL, all);
  }

  /** Reads what the library brings with it. */
  static DocumentLoader loader() {
    return new DocumentLoader(
        uri -> {
          if (!"jar".equals(uri.getScheme()) && !"file".equals(uri.getScheme())) {
            throw new IOException("a test reads nothing from outside: " + uri);
          }
          return uri.toURL().openStream();
        },
        text -> {
          Object value = Tree.yaml(text).value();
          if (value == null) {
            throw new IllegalArgumentException("an empty schema");
          }
          return value;
        });
  }

  /** Schemas that refer to components refer to them where they stand now. */
  private static @Nullable Object moved(@Nullable Object value, String to) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((name, part) ->
            copy.put(
                String.valueOf(name),
                name.equals("$ref") && part instanceof String ref
                    ? ref.replace(COMPONENTS, to)
                    : moved(part, to)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(part -> copy.add(moved(part, to)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  /** What is wrong with a value by a schema of the document; nothing when it is good. */
  public synchronized List<String> problems(Tree schema, @Nullable Object value) {
    JsonSchema compiled = known.computeIfAbsent(schema.json(), _ -> compile(schema));
    ValidationStep result = validator.validate(compiled, new JsonInstance(value));
    if (result.isValid()) {
      return List.of();
    }
    List<String> problems = new ArrayList<>();
    collect(result, problems);
    return problems.isEmpty() ? List.of("is not what the schema wants") : problems;
  }

  private JsonSchema compile(Tree schema) {
    URI id = URI.create("memory:/schema-" + known.size());
    Map<String, @Nullable Object> document = new LinkedHashMap<>();
    document.put("$schema", DIALECT);
    if (moved(schema.value(), ALL + "#/$defs/") instanceof Map<?, ?> fields) {
      fields.forEach((name, part) -> document.put(String.valueOf(name), part));
    }
    store.register(id, document);
    return store.getSchema(id);
  }

  private static void collect(ValidationStep step, List<String> problems) {
    ValidationMessage message = step.getMessage();
    if (!step.isValid() && message != null && step.getSteps().isEmpty()) {
      problems.add(step.getInstanceLocation() + ": " + message.getText());
    }
    step.getSteps().forEach(part -> collect(part, problems));
  }
}
