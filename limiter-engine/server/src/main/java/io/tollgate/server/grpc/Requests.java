package io.tollgate.server.grpc;

import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.HoldIdText;
import io.tollgate.server.door.RefusedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads messages: what is wrong with one is said with its field's name. */
final class Requests {

  static final long LEAST_RESERVATION_MILLIS = 1_000;
  static final long LEAST_LEASE_MILLIS = 100;

  private static final long MOST_MILLIS = 3_600_000;
  private static final long MICROS = 1_000;

  private Requests() {}

  /** A check, as the limiter takes it. */
  static CheckRequest check(Realm realm, io.tollgate.limiter.v1.CheckRequest said) {
    requireSaid("identifier", said.getIdentifier(), "say who is limited, 1 to 512 bytes");
    requireSaid("namespace", said.getNamespace(), "say what is limited, 1 to 128 characters");
    String who = said.getIdentifier();
    long cost = said.hasCost() ? said.getCost() : 1;
    Map<String, String> attributes =
        said.getAttributesCount() == 0 ? Map.of() : said.getAttributesMap();
    return new CheckRequest(
        realm,
        who,
        said.getNamespace(),
        who,
        cost,
        orNull(said.getEndpoint()),
        attributes,
        orNull(said.getIdempotencyKey()));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static void requireSaid(String field, String text, String fix) {
    if (text.isEmpty()) {
      throw RefusedException.field(ErrorCode.MISSING_FIELD, field, "is missing", fix);
    }
  }

  /** Refuses a key where a repeated call cannot be answered as the first was. */
  static CheckRequest withoutKey(CheckRequest check, String why) {
    if (check.idempotencyKey() != null) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD, "idempotency_key", "is for checks: " + why, "remove it");
    }
    return check;
  }

  /** A time to live in microseconds. */
  static long ttlMicros(long millis, long leastMillis) {
    if (millis < leastMillis || millis > MOST_MILLIS) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD,
          "ttl_ms",
          millis + " is out of bounds",
          "send milliseconds from " + leastMillis + " to " + MOST_MILLIS);
    }
    return millis * MICROS;
  }

  static HoldId reservation(String id) {
    return hold("reservation_id", HoldIdText.RESERVATION, id, ErrorCode.RESERVATION_NOT_FOUND);
  }

  static HoldId lease(String id) {
    return hold("lease_id", HoldIdText.LEASE, id, ErrorCode.LEASE_NOT_FOUND);
  }

  private static HoldId hold(String field, String prefix, String id, ErrorCode unknown) {
    requireSaid(field, id, "send the id that the answer had");
    return HoldIdText.parse(prefix, id)
        .orElseThrow(
            () -> RefusedException.of(unknown, "'" + id + "' is no id that this server has given"));
  }
}
