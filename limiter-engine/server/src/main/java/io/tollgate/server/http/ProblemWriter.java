package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.Problem.FieldError;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes a problem as {@code application/problem+json} (RFC 9457). */
final class ProblemWriter {

  private static final JsonFactory FACTORY = new JsonFactory();

  private ProblemWriter() {}

  static void write(Bytes body, int status, Problem problem, String requestId) {
    try (JsonGenerator json = FACTORY.createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("type", problem.code().type());
      json.writeStringField("title", problem.code().title());
      json.writeNumberField("status", status);
      json.writeStringField("code", problem.code().name());
      json.writeStringField("detail", problem.detail());
      json.writeStringField("request_id", requestId);
      json.writeArrayFieldStart("errors");
      for (FieldError error : problem.errors()) {
        json.writeStartObject();
        json.writeStringField("pointer", error.pointer());
        json.writeStringField("detail", error.detail());
        json.writeStringField("fix", error.fix());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing a problem to memory", e);
    }
  }
}
