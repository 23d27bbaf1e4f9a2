package io.tollgate.server.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import java.io.IOException;
import java.io.Serial;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * A log line as an object of JSON: {@code time}, {@code level}, {@code logger}, {@code message},
 * the caller's fields, {@code error}. Only printable ASCII leaves it: whatever a stranger put into
 * a text, it stays one line and moves no terminal's cursor.
 */
final class JsonLine extends Formatter {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().highestNonEscapedChar(127).characterEscapes(new Escapes()).build();

  /** JSON's own, and DEL. */
  private static final class Escapes extends CharacterEscapes {

    @Serial private static final long serialVersionUID = 1L;

    private static final int DEL = 127;

    private final int[] ascii = CharacterEscapes.standardAsciiEscapesForJSON();

    Escapes() {
      ascii[DEL] = CharacterEscapes.ESCAPE_STANDARD;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return ascii.clone();
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }

  @Override
  public String format(LogRecord record) {
    Event event = Event.of(record);
    StringWriter line = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", Lines.time(event.time()));
      json.writeStringField("level", event.level());
      json.writeStringField("logger", Clean.text(event.logger(), Lines.LONGEST_NAME));
      json.writeStringField("message", Clean.text(event.message(), Lines.LONGEST_TEXT));
      for (Map.Entry<String, String> field : event.fields().entrySet()) {
        json.writeStringField(field.getKey(), Clean.text(field.getValue(), Lines.LONGEST_TEXT));
      }
      if (event.error().isPresent()) {
        writeError(json, event.error().get());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return line.append('\n').toString();
  }

  private static void writeError(JsonGenerator json, Throwable error) throws IOException {
    json.writeObjectFieldStart("error");
    json.writeStringField("class", Clean.text(error.getClass().getName(), Lines.LONGEST_NAME));
    json.writeStringField("message", Clean.text(Stack.message(error), Lines.LONGEST_TEXT));
    json.writeArrayFieldStart("stack");
    for (String frame : Stack.of(error)) {
      json.writeString(frame);
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
