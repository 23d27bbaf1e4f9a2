package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP answer as it was read from a socket. */
record Answer(int status, Map<String, String> headers, String body) {

  private static final JsonFactory STRICT =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** A header's value, or the word absent. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "absent");
  }

  /** The body as maps, lists, strings, numbers; fails when it is not strict JSON. */
  Map<String, Object> json() {
    try (JsonParser parser = STRICT.createParser(body)) {
      parser.nextToken();
      Object value = value(parser);
      if (parser.nextToken() != null || !(value instanceof Map<?, ?> map)) {
        throw new AssertionError("not one JSON object: " + body);
      }
      Map<String, Object> copy = new LinkedHashMap<>();
      map.forEach((k, v) -> copy.put(String.valueOf(k), v));
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(body, e);
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

  /** The body with every decision's random id replaced by X. */
  String masked() {
    return body.replaceAll("dec_[0-9A-HJKMNP-TV-Z]{26}", "X");
  }

  /** A field of the body that is a text. */
  String text(String field) {
    return String.valueOf(json().get(field));
  }

  String code() {
    return String.valueOf(json().get("code"));
  }

  /** The pointers of a problem's errors. */
  List<String> pointers() {
    List<String> pointers = new ArrayList<>();
    if (json().get("errors") instanceof List<?> errors) {
      for (Object error : errors) {
        if (error instanceof Map<?, ?> fields) {
          pointers.add(String.valueOf(fields.get("pointer")));
        }
      }
    }
    return pointers;
  }
}
