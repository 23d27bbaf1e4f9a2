package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several checks, as they were asked.
 *
 * @param mode how they relate; {@code each} when the body does not say
 */
record BatchFields(BatchDecision.Mode mode, List<CheckRequest> checks) {

  /** Reads a batch, from its opening brace to the closing one. */
  static BatchFields read(JsonParser json, Realm realm) throws IOException {
    BatchDecision.Mode mode = BatchDecision.Mode.EACH;
    List<CheckRequest> checks = null;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      switch (json.currentName()) {
        case "mode" -> mode = mode(json);
        case "checks" -> checks = checks(json, realm);
        default -> Json.skip(json);
      }
    }
    BatchFields batch = new BatchFields(mode, requireSome(checks));
    batch.requireNoKeysInAll();
    return batch;
  }

  private void requireNoKeysInAll() {
    for (int i = 0; mode == BatchDecision.Mode.ALL && i < checks.size(); i++) {
      if (checks.get(i).idempotencyKey() != null) {
        throw RefusedException.field(
            ErrorCode.INVALID_FIELD,
            CheckFields.pointer(i, "idempotency_key"),
            "does not go with all: a part of a step cannot be remembered",
            "remove it, or send each");
      }
    }
  }

  private static BatchDecision.Mode mode(JsonParser json) throws IOException {
    return switch (Json.text(json)) {
      case "each" -> BatchDecision.Mode.EACH;
      case "all" -> BatchDecision.Mode.ALL;
      default -> throw Json.wrong(json, "is neither each nor all", "send each or all");
    };
  }

  private static List<CheckRequest> checks(JsonParser json, Realm realm) throws IOException {
    JsonToken token = json.nextToken();
    if (token != JsonToken.START_ARRAY) {
      throw Json.wrong(json, "is " + Json.name(token), "send an array of checks");
    }
    List<CheckRequest> checks = new ArrayList<>();
    for (token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
      if (checks.size() == Limiter.MAX_BATCH) {
        throw RefusedException.field(
            ErrorCode.BATCH_TOO_LARGE,
            "/checks",
            "has more than " + Limiter.MAX_BATCH + " entries",
            "send at most " + Limiter.MAX_BATCH + " checks in a call");
      }
      if (token != JsonToken.START_OBJECT) {
        throw Json.wrong(json, "is " + Json.name(token), "send an object");
      }
      checks.add(CheckFields.read(json, realm, checks.size()));
    }
    return checks;
  }

  private static List<CheckRequest> requireSome(@Nullable List<CheckRequest> checks) {
    if (checks == null) {
      throw RefusedException.field(
          ErrorCode.MISSING_FIELD, "/checks", "is missing", "send an array of checks");
    }
    if (checks.isEmpty()) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD, "/checks", "is empty", "send 1 to 1,000 checks");
    }
    return checks;
  }
}
