package io.tollgate.server.limits;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.server.config.ConfigException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The form of the file that keeps the API's namespaces: {@code {"version":1,"namespaces":{…}}}.
 *
 * <p>Each namespace is read by itself with the reader of the API, so what the API has taken can be
 * read again, and memory is bounded by one namespace.
 */
final class NamespacesFile {

  /** Enough for 64 bodies of the largest size; each change writes all of it. */
  static final int MOST_BYTES = 16 << 20;

  private static final int VERSION = 1;
  private static final JsonFactory FACTORY = new JsonFactory();

  private NamespacesFile() {}

  /** Thrown when a file is not what {@link #write} makes; says what, without the file's name. */
  static final class CorruptException extends Exception {

    private static final long serialVersionUID = 1L;

    CorruptException(String message) {
      super(message, null, false, false);
    }
  }

  /** The file's content, a line for each: people look at it when something is wrong. */
  static byte[] write(SortedMap<String, Made> namespaces) {
    StringBuilder text = new StringBuilder("{\"version\":" + VERSION + ",\"namespaces\":{");
    String before = "\n";
    for (Map.Entry<String, Made> entry : namespaces.entrySet()) {
      // A name has no character that JSON escapes.
      text.append(before).append('"').append(entry.getKey()).append("\":");
      text.append(entry.getValue().json());
      before = ",\n";
    }
    return text.append("\n}}\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The namespaces of a file's text.
   *
   * @throws CorruptException when any of it cannot be used: half of it would be worse than none
   */
  static SortedMap<String, Made> parse(String text) throws CorruptException {
    SortedMap<String, Made> namespaces = new TreeMap<>();
    try (JsonParser json = FACTORY.createParser(text)) {
      expect(json, JsonToken.START_OBJECT, "an object");
      expectField(json, "version");
      expect(json, JsonToken.VALUE_NUMBER_INT, "a whole number");
      if (!json.getText().equals(Integer.toString(VERSION))) {
        throw new CorruptException(
            "has version " + json.getText() + ", and this server knows only " + VERSION);
      }
      expectField(json, "namespaces");
      expect(json, JsonToken.START_OBJECT, "an object");
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (namespaces.put(name, namespace(name, json, text)) != null) {
          throw new CorruptException("has the namespace " + name + " twice");
        }
      }
      expect(json, JsonToken.END_OBJECT, "its end");
      if (json.nextToken() != null) {
        throw new CorruptException("goes on behind its end");
      }
    } catch (JsonProcessingException e) {
      throw new CorruptException(
          "is not JSON: line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    }
    return namespaces;
  }

  private static void expect(JsonParser json, JsonToken token, String what)
      throws IOException, CorruptException {
    if (json.nextToken() != token) {
      throw new CorruptException(
          "line " + json.currentLocation().getLineNr() + ": lacks " + what + " " + where(json));
    }
  }

  private static String where(JsonParser json) {
    String pointer = json.getParsingContext().pathAsPointer().toString();
    return pointer.isEmpty() ? "at the top" : "at " + pointer;
  }

  private static void expectField(JsonParser json, String name)
      throws IOException, CorruptException {
    if (json.nextToken() != JsonToken.FIELD_NAME || !name.equals(json.currentName())) {
      throw new CorruptException("lacks the field " + name);
    }
  }

  private static Made namespace(String name, JsonParser json, String text)
      throws IOException, CorruptException {
    expect(json, JsonToken.START_OBJECT, "an object");
    long from = json.currentTokenLocation().getCharOffset();
    json.skipChildren();
    long to = json.currentTokenLocation().getCharOffset() + 1;
    try {
      return Made.parse(name, text.substring(Math.toIntExact(from), Math.toIntExact(to)));
    } catch (ConfigException e) {
      throw new CorruptException("is not valid: " + e.getMessage());
    }
  }
}
