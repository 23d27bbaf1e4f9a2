package io.tollgate.server.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A line of the log as a program reads it.
 *
 * @param texts the line's fields that are texts
 * @param error those of its error; empty when there is none
 * @param stack the error's frames
 */
public record Parsed(Map<String, String> texts, Map<String, String> error, List<String> stack) {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** Reads a line strictly. */
  public static Parsed line(String line) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, String> error = new LinkedHashMap<>();
    List<String> stack = new ArrayList<>();
    try (JsonParser json = FACTORY.createParser(line)) {
      require(json.nextToken() == JsonToken.START_OBJECT, line);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken() == JsonToken.VALUE_STRING) {
          texts.put(name, json.getText());
        } else {
          require(name.equals("error"), line);
          readError(json, error, stack);
        }
      }
      require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null, line);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + line, e);
    }
    return new Parsed(texts, error, stack);
  }

  private static void readError(JsonParser json, Map<String, String> error, List<String> stack)
      throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.START_ARRAY) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          stack.add(json.getText());
        }
      } else {
        error.put(name, json.getText());
      }
    }
  }

  private static void require(boolean sound, String line) {
    if (!sound) {
      throw new IllegalArgumentException("not a log line: " + line);
    }
  }

  /** A field that must be there. */
  public String text(String name) {
    return Objects.requireNonNull(texts.get(name), () -> "no " + name + " in " + texts);
  }

  /** Every line of a whole log. */
  public static List<Parsed> all(String log) {
    return log.lines().map(Parsed::line).collect(Collectors.toList());
  }
}
