package io.tollgate.server.openapi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * A piece of YAML or JSON: maps, lists, strings, booleans, nulls; whole numbers are longs, all
 * others decimals.
 */
public record Tree(@Nullable Object value) {

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** The tree of a text, which must not repeat a key. */
  public static Tree yaml(String text) {
    LoadSettings settings =
        LoadSettings.builder().setAllowDuplicateKeys(false).setMaxAliasesForCollections(0).build();
    return of(new Load(settings).loadFromString(text));
  }

  /** The tree of a text in strict JSON, which must not repeat a key. */
  public static Tree json(String text) {
    try (JsonParser parser = STRICT.createParser(text)) {
      parser.nextToken();
      Tree tree = new Tree(value(parser));
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one value: " + text);
      }
      return tree;
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  /** The tree of what a reader of YAML has made. */
  public static Tree of(@Nullable Object value) {
    return new Tree(uniform(value));
  }

  private static @Nullable Object uniform(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, part) -> copy.put(String.valueOf(key), uniform(part)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(part -> copy.add(uniform(part)));
        yield copy;
      }
      case Integer number -> number.longValue();
      case Double number -> BigDecimal.valueOf(number);
      case null, default -> value;
    };
  }

  /** Whether it is an object with this field. */
  public boolean has(String field) {
    return value instanceof Map<?, ?> map && map.containsKey(field);
  }

  /** A part, field by field; fails when there is none. */
  public Tree at(String... path) {
    Tree part = this;
    for (String field : path) {
      if (!(part.value instanceof Map<?, ?> map) || !map.containsKey(field)) {
        throw new AssertionError("no " + field + " in " + part.json());
      }
      part = new Tree(map.get(field));
    }
    return part;
  }

  /** The fields of an object, in order; none when it is nothing. */
  public Map<String, Tree> fields() {
    Map<String, Tree> fields = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, part) -> fields.put(String.valueOf(name), new Tree(part)));
    } else if (value != null) {
      throw new AssertionError("not an object: " + json());
    }
    return fields;
  }

  /** The fields of a field that may be missing. */
  public Map<String, Tree> fields(String field) {
    return has(field) ? at(field).fields() : Map.of();
  }

  /** The items of a list. */
  public List<Tree> items() {
    if (!(value instanceof List<?> list)) {
      throw new AssertionError("not a list: " + json());
    }
    List<Tree> items = new ArrayList<>();
    list.forEach(part -> items.add(new Tree(part)));
    return items;
  }

  /** The items of a field that may be missing. */
  public List<Tree> items(String field) {
    return has(field) ? at(field).items() : List.of();
  }

  /** The text of a scalar. */
  public String text() {
    return String.valueOf(value);
  }

  /** The texts of a list of scalars. */
  public List<String> texts() {
    return items().stream().map(Tree::text).toList();
  }

  /** A copy with another value of a field, which may be new. */
  public Tree with(String field, @Nullable Object part) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    fields().forEach((name, tree) -> copy.put(name, tree.value));
    copy.put(field, part);
    return of(copy);
  }

  /** A copy without a field. */
  public Tree without(String field) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>();
    fields().forEach((name, tree) -> copy.put(name, tree.value));
    copy.remove(field);
    return new Tree(copy);
  }

  /** As JSON on one line. */
  public String json() {
    StringWriter out = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(json, value);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return out.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> field : map.entrySet()) {
          json.writeFieldName(String.valueOf(field.getKey()));
          write(json, field.getValue());
        }
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object item : list) {
          write(json, item);
        }
        json.writeEndArray();
      }
      case Long number -> json.writeNumber(number);
      case BigDecimal number -> json.writeNumber(number);
      case Boolean flag -> json.writeBoolean(flag);
      default -> json.writeString(value.toString());
    }
  }
}
