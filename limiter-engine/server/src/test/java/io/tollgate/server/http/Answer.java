package io.tollgate.server.http;

import io.tollgate.server.openapi.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An HTTP answer as it was read from a socket. */
record Answer(int status, Map<String, String> headers, String body) {

  /** A header's value, or the word absent. */
  String header(String name) {
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "absent");
  }

  /** The body as maps, lists, strings, numbers; fails when it is not strict JSON. */
  Map<String, Object> json() {
    if (!(Tree.json(body).value() instanceof Map<?, ?> map)) {
      throw new AssertionError("not a JSON object: " + body);
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((k, v) -> copy.put(String.valueOf(k), v));
    return copy;
  }

  /** The body with every decision's random id replaced by X. */
  String masked() {
    return body.replaceAll("dec_[0-9A-HJKMNP-TV-Z]{26}", "X");
  }

  /** A field of the body that is a text. */
  String text(String field) {
    return String.valueOf(json().get(field));
  }

  String code() {
    return String.valueOf(json().get("code"));
  }

  /** The pointers of a problem's errors. */
  List<String> pointers() {
    List<String> pointers = new ArrayList<>();
    if (json().get("errors") instanceof List<?> errors) {
      for (Object error : errors) {
        if (error instanceof Map<?, ?> fields) {
          pointers.add(String.valueOf(fields.get("pointer")));
        }
      }
    }
    return pointers;
  }
}
