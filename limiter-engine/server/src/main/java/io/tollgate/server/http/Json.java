package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.io.IOException;
import java.nio.CharBuffer;
import org.jspecify.annotations.Nullable;

/** Reads JSON strictly: every refusal says where, what and what instead. */
final class Json {

  private static final int MOST_DEPTH = 32;

  /** The longest number and name that are read to their end, in characters. */
  private static final int MOST_NUMBER = 64;

  private static final int MOST_NAME = 1024;

  /** 2^53 − 1 has 16 digits; 18 always fit a long. */
  private static final int MOST_DIGITS = 18;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxNumberLength(MOST_NUMBER)
                  .maxNameLength(MOST_NAME)
                  .maxStringLength(Route.BATCH_BODY)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // A table of names would be shared between loops and grow with what strangers send.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private static final char[] EMPTY_OBJECT = {'{', '}'};

  private Json() {}

  /** What reads a whole body. */
  @FunctionalInterface
  interface Reader<T> {

    /** Reads from the opening brace to the closing one. */
    T read(JsonParser json) throws IOException;
  }

  /** As {@link #object}; an empty body means an empty object. */
  static <T> T objectOrNothing(CharBuffer body, Reader<T> reader) {
    return object(body.hasRemaining() ? body : CharBuffer.wrap(EMPTY_OBJECT), reader);
  }

  /** Reads a body that is one object and nothing after it. */
  static <T> T object(CharBuffer body, Reader<T> reader) {
    JsonParser open = null;
    try (JsonParser json =
        FACTORY.createParser(
            body.array(), body.arrayOffset() + body.position(), body.remaining())) {
      open = json;
      JsonToken first = json.nextToken();
      if (first == null) {
        throw RefusedException.of(ErrorCode.INVALID_JSON, "the body is empty; send a JSON object");
      }
      if (first != JsonToken.START_OBJECT) {
        throw wrong(json, "is " + name(first), "send a JSON object");
      }
      T value = reader.read(json);
      if (json.nextToken() != null) {
        throw RefusedException.of(ErrorCode.INVALID_JSON, "something follows the JSON object");
      }
      return value;
    } catch (IOException e) {
      throw refusal(e, open);
    }
  }

  private static RefusedException refusal(IOException e, @Nullable JsonParser json) {
    String text = e instanceof JsonProcessingException p ? p.getOriginalMessage() : e.getMessage();
    String pointer = json == null ? "" : pointer(json);
    if (e instanceof StreamConstraintsException) {
      return RefusedException.field(
          ErrorCode.JSON_OUT_OF_BOUNDS,
          pointer,
          "is too deep, or holds a number or a name that is too long",
          "nest at most " + MOST_DEPTH + " levels; send whole numbers of at most 16 digits");
    }
    if (e instanceof JsonParseException && text != null && text.startsWith("Duplicate ")) {
      return RefusedException.field(
          ErrorCode.DUPLICATE_KEY, pointer, "occurs twice", "send it once");
    }
    String where =
        e instanceof JsonProcessingException p && p.getLocation() != null
            ? "line " + p.getLocation().getLineNr() + ", column " + p.getLocation().getColumnNr()
            : "the body";
    return RefusedException.of(ErrorCode.INVALID_JSON, where + ": " + text);
  }

  /** Where the parser stands, as a JSON pointer. */
  static String pointer(JsonParser json) {
    return json.getParsingContext().pathAsPointer().toString();
  }

  /** A refusal of the value at which the parser stands. */
  static RefusedException wrong(JsonParser json, String detail, String fix) {
    return RefusedException.field(ErrorCode.INVALID_FIELD, pointer(json), detail, fix);
  }

  /** The name of what stands where something else should. */
  static String name(JsonToken token) {
    return switch (token) {
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NUMBER_INT -> "a number";
      case VALUE_NUMBER_FLOAT -> "a number with a fraction or an exponent";
      case VALUE_STRING -> "a string";
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      default -> "something else";
    };
  }

  /** Reads the value of a field as a string. */
  static String text(JsonParser json) throws IOException {
    JsonToken token = json.nextToken();
    if (token != JsonToken.VALUE_STRING) {
      throw wrong(json, "is " + name(token), "send a string");
    }
    return json.getText();
  }

  /** Reads the value of a field as true or false. */
  static boolean flag(JsonParser json) throws IOException {
    JsonToken token = json.nextToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw wrong(json, "is " + name(token), "send true or false");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /** Reads the value of a field as a whole number; what is past a long comes as the largest. */
  static long whole(JsonParser json) throws IOException {
    JsonToken token = json.nextToken();
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw wrong(
          json, "is " + name(token), "send a whole number such as 1, without fraction or exponent");
    }
    if (json.getTextLength() > MOST_DIGITS) {
      throw wrong(json, "is out of bounds", "send a whole number from 0 to 9007199254740991");
    }
    return json.getLongValue();
  }

  /** Reads over the value of a field that means nothing here; it must be valid all the same. */
  static void skip(JsonParser json) throws IOException {
    int depth = 0;
    do {
      switch (json.nextToken()) {
        case START_OBJECT, START_ARRAY -> depth++;
        case END_OBJECT, END_ARRAY -> depth--;
        case VALUE_STRING -> requireWholePairs(json, json.getText());
        case null, default -> {}
      }
    } while (depth > 0);
  }

  /** Jackson refuses half a pair in a name, but lets it pass in a value. */
  private static void requireWholePairs(JsonParser json, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.isLowSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw wrong(json, "contains half of a surrogate pair", "send valid Unicode");
        }
        i++;
      }
    }
  }
}
