package io.tollgate.server.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.tollgate.server.text.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON text into the nodes that YAML is read into, so that both have one validation.
 *
 * <p>Strict (RFC 8259): no comments, no second value, nothing after the end. Fields that repeat are
 * left to the readers of nodes, who report all of them.
 */
final class JsonReader {

  /** As deep as the limits file may be; a namespace is at most 7 deep. */
  private static final int DEEPEST = 32;

  /** Four times the longest body of the API: a namespace of some 10,000 overrides. */
  static final int LONGEST = 1 << 20;

  /** No number of ours has more than 16 digits; a longer one is shown, not read. */
  private static final int LONGEST_NUMBER = 1_000;

  private static final String OFTEN = "look for a missing quote, bracket, colon or comma before it";

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxNumberLength(LONGEST_NUMBER)
                  .maxNameLength(LONGEST)
                  .maxStringLength(LONGEST)
                  .build())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // A table of names would grow with what strangers send.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private JsonReader() {}

  /** The text's value; empty when there is none, with the reason among the problems. */
  static Optional<Node> read(String text, Problems problems) {
    if (text.length() > LONGEST) {
      problems.invalid(
          Position.WHOLE_FILE,
          "",
          "has " + text.length() + " characters",
          "write at most " + LONGEST);
      return Optional.empty();
    }
    try (JsonParser json = FACTORY.createParser(text)) {
      JsonToken first = json.nextToken();
      if (first == null) {
        problems.invalid(Position.WHOLE_FILE, "", "is empty", "write an object: {\"limits\": [ ]}");
        return Optional.empty();
      }
      Node node = node(json, first);
      if (json.nextToken() != null) {
        problems.invalid(
            at(json.currentTokenLocation()), "", "something follows its end", "remove it");
        return Optional.empty();
      }
      return Optional.of(node);
    } catch (IOException e) {
      syntax(e, problems);
      return Optional.empty();
    }
  }

  /** Recursive, which the parser's bound of depth keeps short. */
  private static Node node(JsonParser json, JsonToken token) throws IOException {
    Position at = at(json.currentTokenLocation());
    return switch (token) {
      case START_OBJECT -> {
        List<Node.Entry> entries = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          Position name = at(json.currentTokenLocation());
          String key = json.currentName();
          entries.add(new Node.Entry(name, key, node(json, json.nextToken())));
        }
        yield new Node.Mapping(at, entries);
      }
      case START_ARRAY -> {
        List<Node> items = new ArrayList<>();
        for (JsonToken next = json.nextToken();
            next != JsonToken.END_ARRAY;
            next = json.nextToken()) {
          items.add(node(json, next));
        }
        yield new Node.Sequence(at, items);
      }
      default -> new Node.Scalar(at, json.getText(), token != JsonToken.VALUE_STRING);
    };
  }

  private static Position at(@Nullable JsonLocation location) {
    return location == null
        ? Position.WHOLE_FILE
        : new Position(location.getLineNr(), location.getColumnNr());
  }

  private static void syntax(IOException e, Problems problems) {
    String what = String.valueOf(e.getMessage());
    Position at = Position.WHOLE_FILE;
    if (e instanceof JsonProcessingException json) {
      // Where it began, the reader says in words of its own, on half a line.
      what = json.getOriginalMessage().replaceAll(" \\(start marker at [^)]*\\)[^)]*\\)", "");
      at = at(json.getLocation());
    }
    if (e instanceof StreamConstraintsException) {
      problems.invalid(
          at,
          "",
          "is nested deeper than " + DEEPEST + ", or has a number of thousands of digits",
          "see the example in the documentation");
    } else {
      problems.invalid(at, "", "is not JSON: " + Shown.line(what, 200), OFTEN);
    }
  }
}
