package io.tollgate.server.http;

import io.tollgate.server.openapi.ApiDocument;
import io.tollgate.server.openapi.Operation;
import io.tollgate.server.openapi.Tree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds every answer that a test reads against the OpenAPI document.
 *
 * <p>Where the operation is known, the answer must be the one that it describes for this status.
 * Where a test has sent raw bytes, or asks what no operation is, some answer of the document with
 * this status and type must fit; schemas of answers are closed, so few do.
 */
final class Documented {

  /** Headers of HTTP itself, which no operation describes. */
  private static final Set<String> COMMON =
      Set.of("content-type", "content-length", "cache-control", "date", "connection");

  private static final ApiDocument DOCUMENT = ApiDocument.get();
  private static final Map<String, Set<Tree>> SCHEMAS = new HashMap<>();
  private static final Set<String> HEADERS = new HashSet<>();

  /** Bodies, but for their ids, that have been found good: property tests repeat themselves. */
  private static final Set<String> GOOD = ConcurrentHashMap.newKeySet();

  private static final int MOST_REMEMBERED = 10_000;

  static {
    for (Operation operation : DOCUMENT.operations()) {
      operation.responses().forEach(Documented::note);
    }
  }

  private Documented() {}

  private static void note(String status, Tree response) {
    for (String header : response.fields("headers").keySet()) {
      HEADERS.add(header.toLowerCase(Locale.ROOT));
    }
    response
        .fields("content")
        .forEach((type, content) ->
            SCHEMAS
                .computeIfAbsent(status + " " + type, _ -> new HashSet<>())
                .add(content.at("schema")));
  }

  /** Fails when the document does not describe this answer. */
  static void require(Answer answer, Optional<Operation> asked) {
    if (asked.isPresent()) {
      requireOf(asked.get(), answer);
    } else {
      requireHeaders(answer, HEADERS, "the document");
      requireSome(answer);
    }
  }

  private static void requireHeaders(Answer answer, Set<String> described, String where) {
    for (String header : answer.headers().keySet()) {
      if (!described.contains(header) && !COMMON.contains(header)) {
        throw new AssertionError(where + " does not have the header " + header);
      }
    }
  }

  private static void requireOf(Operation operation, Answer answer) {
    Tree response = operation.response(answer.status());
    String where = operation.name() + " with " + answer.status();
    Set<String> headers = new HashSet<>();
    response.fields("headers").keySet().forEach(h -> headers.add(h.toLowerCase(Locale.ROOT)));
    requireHeaders(answer, headers, where);
    if (answer.body().isEmpty() || !isNew(where + remembered(answer))) {
      return;
    }
    Tree content = response.fields("content").get(type(answer));
    if (content == null) {
      throw new AssertionError(where + " does not have the type " + type(answer));
    }
    List<String> problems = DOCUMENT.schemas().problems(content.at("schema"), value(answer));
    if (!problems.isEmpty()) {
      GOOD.remove(where + remembered(answer));
      throw new AssertionError(where + ": " + answer.body() + " " + problems);
    }
  }

  private static void requireSome(Answer answer) {
    if (answer.body().isEmpty() || !isNew(remembered(answer))) {
      return;
    }
    Map<String, List<String>> problems = new LinkedHashMap<>();
    for (Tree schema : candidates(answer)) {
      List<String> own = DOCUMENT.schemas().problems(schema, value(answer));
      if (own.isEmpty()) {
        return;
      }
      problems.put(schema.json(), own);
    }
    GOOD.remove(remembered(answer));
    throw new AssertionError(
        "not in the document: " + answer.status() + " " + answer.body() + " " + problems);
  }

  private static boolean isNew(String answer) {
    if (GOOD.size() > MOST_REMEMBERED) {
      GOOD.clear();
    }
    return GOOD.add(answer);
  }

  private static String remembered(Answer answer) {
    return answer.status() + type(answer) + withoutIds(answer.body());
  }

  /** A text whose ids are all the same. */
  static String withoutIds(String text) {
    return text.replaceAll("(dec|res|lea|req)_[0-9A-HJKMNP-TV-Z]{26}", "$1_0");
  }

  private static Object value(Answer answer) {
    return type(answer).endsWith("json") ? answer.json() : answer.body();
  }

  /** Of the body, without parameters. */
  static String type(Answer answer) {
    return answer.header("Content-Type").split(";", 2)[0];
  }

  /** Those first whose required fields are there. */
  private static List<Tree> candidates(Answer answer) {
    List<Tree> all = new ArrayList<>();
    Set<Tree> none = Set.of();
    all.addAll(SCHEMAS.getOrDefault(answer.status() + " " + type(answer), none));
    if (answer.status() >= 400) {
      all.addAll(SCHEMAS.getOrDefault("default " + type(answer), none));
    }
    if (value(answer) instanceof Map<?, ?> fields) {
      Set<String> names = new HashSet<>();
      fields.keySet().forEach(name -> names.add(String.valueOf(name)));
      all.sort(
          Collections.reverseOrder(
              (one, other) -> Integer.compare(common(one, names), common(other, names))));
    }
    return all;
  }

  /** How well the fields fit: how many are known, less those that are missing. */
  private static int common(Tree schema, Set<String> names) {
    Tree followed = DOCUMENT.follow(schema);
    int common = 0;
    for (String name : followed.fields("properties").keySet()) {
      common += names.contains(name) ? 1 : -1;
    }
    for (Tree part : followed.items("allOf")) {
      common += common(part, names);
    }
    return common;
  }
}
