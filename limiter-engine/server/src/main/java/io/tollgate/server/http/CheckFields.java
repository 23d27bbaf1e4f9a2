package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.Problem.FieldError;
import io.tollgate.server.door.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of one check, as they are read. */
final class CheckFields {

  /** Of a body that is one check. */
  static final int ALONE = -1;

  private static final int MOST_ATTRIBUTES = 8;

  private @Nullable String identifier;
  private @Nullable String namespace;
  private @Nullable String endpoint;
  private @Nullable String idempotencyKey;
  private @Nullable Map<String, String> attributes;
  private long cost = 1;

  private CheckFields() {}

  /**
   * Reads one check, from its opening brace to the closing one.
   *
   * @param index its place in a batch, or {@link #ALONE}
   */
  static CheckRequest read(JsonParser json, Realm realm, int index) throws IOException {
    return read(json, realm, index, CheckFields::skip);
  }

  /**
   * Reads one check with further fields.
   *
   * @param further is asked for every field that a check does not have
   */
  static CheckRequest read(JsonParser json, Realm realm, int index, Further further)
      throws IOException {
    CheckFields fields = new CheckFields();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      fields.field(json, further);
    }
    return fields.request(realm, index);
  }

  /** What reads the fields that a call has beside those of a check. */
  @FunctionalInterface
  interface Further {

    /** Reads the value of a field of this name, or reads nothing and says false. */
    boolean field(JsonParser json, String name) throws IOException;
  }

  /** A field that means nothing here. */
  private static boolean skip(JsonParser json, String name) {
    return false;
  }

  /** Where a field of a check stands in the body. */
  static String pointer(int index, String field) {
    return index == ALONE ? "/" + field : "/checks/" + index + "/" + field;
  }

  private void field(JsonParser json, Further further) throws IOException {
    switch (json.currentName()) {
      case "identifier" -> identifier = Json.text(json);
      case "namespace" -> namespace = Json.text(json);
      case "cost" -> cost = Json.whole(json);
      case "endpoint" -> endpoint = Json.text(json);
      case "idempotency_key" -> idempotencyKey = Json.text(json);
      case "attributes" -> attributes = attributes(json);
      case "key" ->
          throw RefusedException.field(
              ErrorCode.KEY_NOT_SUPPORTED,
              Json.pointer(json),
              "this server has no API keys: they belong to full mode",
              "send identifier instead, or start the server in full mode");
      default -> {
        if (!further.field(json, json.currentName())) {
          Json.skip(json);
        }
      }
    }
  }

  /** Refuses a key where a repeated call cannot be answered as the first was. */
  static void requireNoKey(CheckRequest check, String why) {
    if (check.idempotencyKey() != null) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD, "/idempotency_key", "is for checks: " + why, "remove it");
    }
  }

  private static Map<String, String> attributes(JsonParser json) throws IOException {
    JsonToken token = json.nextToken();
    if (token != JsonToken.START_OBJECT) {
      throw Json.wrong(json, "is " + Json.name(token), "send an object of strings");
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      if (attributes.size() == MOST_ATTRIBUTES) {
        throw Json.wrong(
            json, "is one attribute too many", "send at most " + MOST_ATTRIBUTES + " attributes");
      }
      String name = json.currentName();
      attributes.put(name, Json.text(json));
    }
    return attributes;
  }

  private CheckRequest request(Realm realm, int index) {
    String who = identifier;
    String what = namespace;
    if (who == null || what == null) {
      throw missing(index, who == null, what == null);
    }
    try {
      Map<String, String> said = attributes == null ? Map.of() : attributes;
      return new CheckRequest(realm, who, what, who, cost, endpoint, said, idempotencyKey);
    } catch (InvalidRequestException e) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD, pointer(index, e.field()), e.detail(), e.fix());
    }
  }

  private static RefusedException missing(int index, boolean noIdentifier, boolean noNamespace) {
    List<FieldError> errors = new ArrayList<>();
    if (noIdentifier) {
      errors.add(
          new FieldError(
              pointer(index, "identifier"), "is missing", "say who is limited, 1 to 512 bytes"));
    }
    if (noNamespace) {
      errors.add(
          new FieldError(
              pointer(index, "namespace"),
              "is missing",
              "say what is limited, 1 to 128 characters"));
    }
    String first = errors.getFirst().pointer();
    return new RefusedException(
        Problem.fields(ErrorCode.MISSING_FIELD, first + ": is missing", errors));
  }
}
