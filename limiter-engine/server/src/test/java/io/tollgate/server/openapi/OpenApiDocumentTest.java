package io.tollgate.server.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.openapiparser.OpenApiParser;
import io.openapiparser.OpenApiResult;
import io.openapiparser.OpenApiVersion;
import io.openapiprocessor.jsonschema.schema.DocumentLoader;
import io.openapiprocessor.jsonschema.schema.DocumentStore;
import io.openapiprocessor.jsonschema.schema.SchemaStore;
import io.openapiprocessor.jsonschema.validator.Validator;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The document by itself: OpenAPI 3.1, complete, and without anything left over. */
class OpenApiDocumentTest {

  private static final ApiDocument DOCUMENT = ApiDocument.get();
  private static final Pattern REF = Pattern.compile("\\$ref: \"(#[^\"]+)\"");

  private static final Set<String> KEYWORDS =
      Set.of(
          "$ref",
          "description",
          "type",
          "format",
          "default",
          "const",
          "enum",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "items",
          "minItems",
          "maxItems",
          "properties",
          "required",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "dependentRequired",
          "allOf",
          "anyOf",
          "not",
          "oneOf");

  private static List<String> faults(Tree root) {
    DocumentLoader loader = Schemas.loader();
    Object value = root.value();
    if (value == null) {
      throw new AssertionError("the document is empty");
    }
    OpenApiParser parser = new OpenApiParser(new DocumentStore(), loader);
    OpenApiResult result = parser.parse(URI.create("memory:/openapi.yaml"), value);
    assertEquals(OpenApiVersion.V31, result.getVersion());
    SchemaStore store = new SchemaStore(loader);
    store.registerDraft202012();
    result.validate(new Validator(), store);
    return result.getValidationErrors().stream().map(String::valueOf).toList();
  }

  @Test
  void itIsOpenApi31() {
    assertEquals(List.of(), faults(DOCUMENT.root()));
  }

  @Test
  void theValidatorFindsWhatIsNot() {
    String small = "openapi: 3.1.0\ninfo: {title: t, version: v}\npaths: {/a: {get: {}}}\n";
    assertEquals(List.of(), faults(Tree.yaml(small)));
    assertFalse(faults(Tree.yaml(small.replace("title", "titel"))).isEmpty());
    assertFalse(faults(Tree.yaml(small.replace("{}", "{operationID: b}"))).isEmpty());
  }

  @Test
  void everySchemaIsOneOfItsDialect() {
    Tree meta = Tree.of(Map.of("$ref", DOCUMENT.root().at("jsonSchemaDialect").text()));
    Map<String, Object> misspelt = Map.of("type", "objekt");
    assertFalse(DOCUMENT.schemas().problems(meta, misspelt).isEmpty(), "finds nothing");
    DOCUMENT
        .root()
        .at("components", "schemas")
        .fields()
        .forEach((name, schema) -> {
          assertEquals(List.of(), DOCUMENT.schemas().problems(meta, schema.value()), name);
          knownKeywords(schema, name);
        });
  }

  /** The dialect lets keywords pass that it does not know, and so a misspelt one too. */
  private static void knownKeywords(Tree schema, String where) {
    schema
        .fields()
        .forEach((keyword, value) -> {
          assertTrue(KEYWORDS.contains(keyword), where + " has the keyword " + keyword);
          switch (keyword) {
            case "properties" ->
                value.fields().forEach((name, field) -> knownKeywords(field, where + "." + name));
            case "allOf", "anyOf", "oneOf" ->
                value.items().forEach(part -> knownKeywords(part, where));
            case "items", "propertyNames", "not" -> knownKeywords(value, where);
            default -> {}
          }
        });
  }

  @Test
  void theDialectIsThatOfItsTests() {
    assertEquals(
        "https://json-schema.org/draft/2020-12/schema",
        DOCUMENT.root().at("jsonSchemaDialect").text());
  }

  @Test
  void everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
    Set<String> used = new TreeSet<>();
    Matcher ref = REF.matcher(DOCUMENT.text());
    while (ref.find()) {
      used.add(ref.group(1));
      DOCUMENT.follow(Tree.of(Map.of("$ref", ref.group(1))));
    }
    Set<String> defined = new TreeSet<>();
    for (Map.Entry<String, Tree> kind : DOCUMENT.root().at("components").fields().entrySet()) {
      if (!kind.getKey().equals("securitySchemes")) {
        kind.getValue()
            .fields()
            .keySet()
            .forEach(name -> defined.add("#/components/" + kind.getKey() + "/" + name));
      }
    }
    assertEquals(defined, used);
  }

  @Test
  void everyOperationCanBeNamedByAGenerator() {
    Set<String> ids = new HashSet<>();
    Set<String> tags = new HashSet<>();
    DOCUMENT.root().at("tags").items().forEach(tag -> tags.add(tag.at("name").text()));
    for (Operation operation : DOCUMENT.operations()) {
      assertTrue(operation.id().matches("[a-z][A-Za-z]+"), operation.id());
      assertTrue(ids.add(operation.id()), operation.id());
      assertFalse(operation.node().at("summary").text().isEmpty(), operation.name());
      List<String> own = operation.node().at("tags").texts();
      assertTrue(own.size() == 1 && tags.containsAll(own), operation.name() + " " + own);
    }
  }

  @Test
  void everyParameterOfAPathIsDescribed() {
    for (Operation operation : DOCUMENT.operations()) {
      List<String> described = new ArrayList<>();
      for (Tree parameter : operation.parameters()) {
        assertTrue(parameter.has("description"), operation.name());
        if (parameter.at("in").text().equals("path")) {
          described.add("{" + parameter.at("name").text() + "}");
        }
      }
      Matcher inPath = Pattern.compile("\\{\\w+}").matcher(operation.path());
      assertEquals(
          inPath.results().map(found -> found.group()).toList(), described, operation.name());
    }
  }

  @Test
  void everyFieldOfARequestSaysWhatItMeans() {
    for (Operation operation : DOCUMENT.operations()) {
      if (operation.hasBody()) {
        described(operation.bodySchema(), operation.id());
      }
    }
  }

  @Test
  void everyFieldOfARequestHasAnExampleAndNoExampleHasOthers() {
    FieldCover fields = new FieldCover(DOCUMENT);
    for (Operation operation : DOCUMENT.operations()) {
      operation
          .bodyExamples()
          .forEach((name, example) ->
              fields.note(
                  operation.id() + " " + name,
                  operation.bodySchema(),
                  example.at("value").value()));
    }
    assertEquals(List.of(), fields.missing());
    assertEquals(List.of(), fields.unknown());
  }

  private static void described(Tree schema, String where) {
    Tree followed = DOCUMENT.follow(schema);
    followed.items("allOf").forEach(part -> described(part, where));
    followed
        .fields("properties")
        .forEach((name, field) -> {
          String path = where + "." + name;
          assertTrue(DOCUMENT.follow(field).has("description"), path + " has no description");
          described(field, path);
          if (DOCUMENT.follow(field).has("items")) {
            described(DOCUMENT.follow(field).at("items"), path);
          }
        });
  }

  @Test
  void everyExampleFitsItsSchema() {
    for (Operation operation : DOCUMENT.operations()) {
      operation
          .bodyExamples()
          .forEach((name, example) ->
              fits(operation.bodySchema(), example, operation.id() + " " + name));
      for (Tree parameter : operation.parameters()) {
        if (!parameter.at("name").text().equals("limit")) {
          parameter
              .fields("examples")
              .forEach((name, example) -> {
                if (!name.equals("unknown_lease")) {
                  fits(parameter.at("schema"), example, operation.id() + " " + name);
                }
              });
        }
      }
      operation
          .responses()
          .values()
          .forEach(response ->
              response
                  .fields("content")
                  .values()
                  .forEach(content ->
                      content
                          .fields("examples")
                          .forEach((name, example) ->
                              fits(content.at("schema"), example, operation.id() + " " + name))));
    }
  }

  private static void fits(Tree schema, Tree example, String where) {
    assertEquals(
        List.of(), DOCUMENT.schemas().problems(schema, example.at("value").value()), where);
  }
}
