package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.concurrency.Outcome;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.io.IOException;
import java.util.OptionalLong;

/**
 * What is asked of a reservation or a lease.
 *
 * @param check who asks for how much
 * @param ttlMicros for how long; empty when the request does not say
 */
record HoldFields(CheckRequest check, OptionalLong ttlMicros) {

  static final long LEAST_RESERVATION_MILLIS = 1_000;
  static final long LEAST_LEASE_MILLIS = 100;

  private static final long MOST_MILLIS = 3_600_000;
  private static final long MICROS = 1_000;

  /**
   * Reads a check and its {@code ttl_ms}, from the opening brace to the closing one.
   *
   * @param leastMillis the shortest time to live
   */
  static HoldFields read(JsonParser json, Realm realm, long leastMillis) throws IOException {
    long[] ttl = {0};
    CheckRequest check =
        CheckFields.read(
            json,
            realm,
            CheckFields.ALONE,
            (parser, name) -> {
              if (name.equals("ttl_ms")) {
                ttl[0] = ttlMicros(parser, leastMillis);
              }
              return name.equals("ttl_ms");
            });
    CheckFields.requireNoKey(check, "what is held has an id of its own");
    return new HoldFields(check, ttl[0] == 0 ? OptionalLong.empty() : OptionalLong.of(ttl[0]));
  }

  /** Reads the body of a renewal, which must hold a {@code ttl_ms}. */
  static long renewal(JsonParser json) throws IOException {
    long ttl = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (json.currentName().equals("ttl_ms")) {
        ttl = ttlMicros(json, LEAST_LEASE_MILLIS);
      } else {
        Json.skip(json);
      }
    }
    if (ttl == 0) {
      throw missing("ttl_ms", "say for how long from now, in milliseconds");
    }
    return ttl;
  }

  /** Reads the body of a commit, which must hold an {@code actual}. */
  static long actual(JsonParser json) throws IOException {
    long actual = -1;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (json.currentName().equals("actual")) {
        actual = Json.whole(json);
        if (actual < 0) {
          throw Json.wrong(json, actual + " is out of bounds", "send what was used, 0 or more");
        }
      } else {
        Json.skip(json);
      }
    }
    if (actual < 0) {
      throw missing("actual", "say how many units were really used");
    }
    return actual;
  }

  /** Reads the body of a release, which may say how the work ended. */
  static Outcome outcome(JsonParser json) throws IOException {
    Outcome outcome = Outcome.SUCCESS;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (json.currentName().equals("outcome")) {
        outcome =
            switch (Json.text(json)) {
              case "success" -> Outcome.SUCCESS;
              case "ignore" -> Outcome.IGNORE;
              case "dropped" -> Outcome.DROPPED;
              default ->
                  throw Json.wrong(
                      json, "is no outcome", "send success, ignore or dropped, or leave it out");
            };
      } else {
        Json.skip(json);
      }
    }
    return outcome;
  }

  private static long ttlMicros(JsonParser json, long leastMillis) throws IOException {
    long millis = Json.whole(json);
    if (millis < leastMillis || millis > MOST_MILLIS) {
      throw Json.wrong(
          json,
          millis + " is out of bounds",
          "send milliseconds from " + leastMillis + " to " + MOST_MILLIS);
    }
    return millis * MICROS;
  }

  private static RefusedException missing(String field, String fix) {
    return RefusedException.field(ErrorCode.MISSING_FIELD, "/" + field, "is missing", fix);
  }
}
