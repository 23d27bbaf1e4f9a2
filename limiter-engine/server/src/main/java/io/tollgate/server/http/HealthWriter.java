package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.Problem;
import io.tollgate.server.limits.LimitsState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Writes how the server is.
 *
 * <p>That the limits file cannot be used is said on both ports, for it does not end readiness: the
 * limits before it stay in force. What stands in the file is the operator's affair.
 */
final class HealthWriter {

  /** A problem names a place and a fix; the value that it quotes may be long. */
  private static final int MOST_PROBLEM = 500;

  private static final JsonFactory FACTORY = new JsonFactory();

  private HealthWriter() {}

  /**
   * Writes the body of {@code /health} and {@code /health/ready}.
   *
   * @param operator whether the operator asks, who is told the details
   */
  static void write(Bytes body, Readiness readiness, LimitsState limits, boolean operator) {
    try (JsonGenerator json = FACTORY.createGenerator(body)) {
      json.writeStartObject();
      json.writeStringField("status", readiness.status().name().toLowerCase(Locale.ROOT));
      if (operator || !limits.valid()) {
        json.writeObjectFieldStart("limits");
        json.writeBooleanField("valid", limits.valid());
        json.writeStringField("since", limits.since().truncatedTo(ChronoUnit.MILLIS).toString());
        json.writeNumberField("problems", limits.problems());
        if (operator && limits.firstProblem().isPresent()) {
          json.writeStringField(
              "first_problem", Problem.printable(limits.firstProblem().get(), MOST_PROBLEM));
        }
        json.writeEndObject();
      }
      if (operator && readiness.shared().isPresent()) {
        shared(json, readiness.shared().get());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("writing health to memory", e);
    }
  }

  private static void shared(JsonGenerator json, Readiness.Shared store) throws IOException {
    json.writeObjectFieldStart("redis");
    json.writeNumberField("connections", store.connections());
    json.writeNumberField("up", store.up());
    json.writeNumberField("instances", store.instances());
    if (!store.problem().isEmpty()) {
      json.writeStringField("problem", Problem.printable(store.problem(), MOST_PROBLEM));
    }
    json.writeEndObject();
  }
}
