package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.tollgate.limiter.catalog.NamespaceLimits.Reason;
import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.Explanation;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.HoldIdText;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RateLimitHeaders;
import io.tollgate.server.log.LogFields;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Port;
import io.tollgate.server.metrics.Verb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** Writes the answers of one connection: head and body of each kind. */
final class AnswerWriter {

  private static final System.Logger LOG = System.getLogger(AnswerWriter.class.getName());
  private static final byte[][] STATUS_LINES = statusLines();
  private static final byte[] JSON = Bytes.constant("Content-Type: application/json\r\n");
  private static final byte[] PROBLEM_JSON =
      Bytes.constant("Content-Type: application/problem+json\r\n");
  private static final byte[] LENGTH = Bytes.constant("Content-Length: ");
  private static final byte[] NO_STORE = Bytes.constant("\r\nCache-Control: no-store\r\n");
  private static final byte[] CACHE = Bytes.constant("Cache-Control: no-store\r\n");
  private static final byte[] DATE = Bytes.constant("Date: ");
  private static final byte[] REQUEST_ID = Bytes.constant("\r\nX-Request-Id: ");
  private static final byte[] CLOSE = Bytes.constant("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = Bytes.constant("Connection: keep-alive\r\n");
  private static final byte[] ALLOW = Bytes.constant("Allow: ");
  private static final byte[] BEARER = Bytes.constant("WWW-Authenticate: Bearer\r\n");
  private static final byte[] IDENTITY = Bytes.constant("Accept-Encoding: identity\r\n");
  private static final byte[] PREFERENCE =
      Bytes.constant("Preference-Applied: status=decision\r\nVary: Prefer\r\n");
  private static final byte[] WHY = Bytes.constant("X-Tollgate-Code: ");
  private static final byte[] NO_TYPE = {};

  /** What nginx takes for a refusal; it makes 500 of every other, but of 401. */
  private static final int FORBIDDEN = 403;

  private static final byte[] EXPIRES_AT = Bytes.constant(",\"expires_at\":\"");
  private static final byte[] LINE_END = Bytes.constant("\r\n");
  private static final byte[] OK_BODY = Bytes.constant("{\"status\":\"ok\"}");
  private static final byte[] RETRY_SOON = Bytes.constant("Retry-After: 1\r\n");
  private static final byte[] RESULTS = Bytes.constant(",\"results\":[");
  private static final byte[] RULES = Bytes.constant(",\"rules\":");
  private static final byte[] COST = Bytes.constant(",\"counterfactual\":{\"cost\":");
  private static final byte[] WAIT = Bytes.constant(",\"retry_after_ms\":");
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Caller caller;
  private final Loop loop;
  private final Door door;
  private final LoopMetrics metrics;

  AnswerWriter(Caller caller, Loop loop, Door door) {
    this.caller = caller;
    this.loop = loop;
    this.door = door;
    this.metrics = door.metrics().ofThisLoop();
  }

  private static byte[][] statusLines() {
    byte[][] lines = new byte[600][];
    for (int status = 200; status < lines.length; status++) {
      String reason = HttpResponseStatus.valueOf(status).reasonPhrase();
      lines[status] = Bytes.constant("HTTP/1.1 " + status + " " + reason + "\r\n");
    }
    return lines;
  }

  /** Where answers are counted. */
  LoopMetrics metrics() {
    return metrics;
  }

  /** Answers a check. */
  void decision(Exchange exchange, Decision decision) {
    exchange.account.decided(Verb.CHECK, decision);
    if (exchange.statusPreferred()) {
      preferred(exchange, decision);
    } else {
      state(exchange, decision);
    }
  }

  /** Answers with a decision, whatever was preferred. */
  void state(Exchange exchange, Decision decision) {
    long now = door.clock().millis();
    Bytes body = loop.body();
    loop.decisions().write(body, decision, now);
    Bytes head = begin(exchange, 200, JSON, body, now);
    RateLimitHeaders.write(head, decision, exchange.headers());
    end(exchange, head, body);
  }

  private void preferred(Exchange exchange, Decision decision) {
    long now = door.clock().millis();
    Bytes body = loop.body();
    int own = DenialWriter.status(decision.code());
    int status = exchange.forbids() && own != 200 ? FORBIDDEN : own;
    if (decision.allowed() && exchange.gateway()) {
      allowed(exchange, decision, body, now);
      return;
    } else if (decision.allowed()) {
      loop.decisions().write(body, decision, now);
    } else {
      DenialWriter.write(body, status, decision, exchange.requestId(), loop.decisions(), now);
    }
    if (!decision.allowed()) {
      exchange.account.code(decision.code());
    }
    Bytes head = begin(exchange, status, decision.allowed() ? JSON : PROBLEM_JSON, body, now);
    if (exchange.gateway()) {
      head.put(WHY).ascii(decision.code().name()).put(LINE_END);
    } else {
      head.put(PREFERENCE);
    }
    RateLimitHeaders.write(head, decision, exchange.headers());
    end(exchange, head, body);
  }

  /** Lets a gateway's request pass: what it says beside that is said by headers. */
  private void allowed(Exchange exchange, Decision decision, Bytes body, long now) {
    Bytes head = begin(exchange, 200, NO_TYPE, body, now);
    RateLimitHeaders.write(head, decision, exchange.headers());
    end(exchange, head, body);
  }

  /**
   * Answers a reservation or the acquisition of a lease.
   *
   * @param verb which of the two
   * @param field the name of the id's field
   * @param prefix what the id begins with
   */
  void held(Exchange exchange, Verb verb, Held held, String field, String prefix) {
    exchange.account.decided(verb, held.decision());
    long now = door.clock().millis();
    Bytes body = loop.body();
    loop.decisions().writeOpen(body, held.decision(), now);
    if (held.id().isPresent()) {
      body.ascii(",\"").ascii(field).ascii("\":\"");
      body.ascii(HoldIdText.of(prefix, held.id().get())).put('"');
      body.put(EXPIRES_AT).instant(held.expiresAtMicros()).put('"');
    }
    body.put('}');
    Bytes head = begin(exchange, 200, JSON, body, now);
    RateLimitHeaders.write(head, held.decision(), exchange.headers());
    end(exchange, head, body);
  }

  /** Answers a commit. */
  void committed(Exchange exchange, long units) {
    object(exchange, 200, "{\"committed\":" + units + "}");
  }

  /** Answers the renewal of a lease. */
  void renewed(Exchange exchange, long expiresAtMicros) {
    Bytes body = loop.body();
    body.ascii("{\"renewed\":true").put(EXPIRES_AT).instant(expiresAtMicros).ascii("\"}");
    end(exchange, begin(exchange, 200, JSON, body, door.clock().millis()), body);
  }

  /** Answers with a JSON object. */
  void object(Exchange exchange, int status, String json) {
    Bytes body = loop.body();
    body.put(json.getBytes(StandardCharsets.UTF_8));
    end(exchange, begin(exchange, status, JSON, body, door.clock().millis()), body);
  }

  /**
   * Answers a batch.
   *
   * @param names of the namespaces as configured, in the order of the decisions
   */
  void batch(Exchange exchange, BatchDecision batch, List<String> names) {
    long now = door.clock().millis();
    Bytes body = loop.body();
    body.ascii("{\"allowed\":").ascii(batch.allowed() ? "true" : "false").put(RESULTS);
    for (int i = 0; i < batch.decisions().size(); i++) {
      if (i > 0) {
        body.put(',');
      }
      exchange.account.decided(Verb.BATCH, names.get(i), batch.decisions().get(i));
      loop.decisions().write(body, batch.decisions().get(i), now);
    }
    body.ascii("]}");
    end(exchange, begin(exchange, 200, JSON, body, now), body);
  }

  /** Answers what a check would be told, and why. */
  void explanation(Exchange exchange, Explanation explanation) {
    long now = door.clock().millis();
    Bytes body = loop.body();
    loop.decisions().writeOpen(body, explanation.decision(), now);
    body.put(RULES);
    try (JsonGenerator json = FACTORY.createGenerator(body)) {
      json.writeStartArray();
      for (Reason reason : explanation.reasons()) {
        json.writeStartObject();
        json.writeStringField("limit", reason.limit());
        json.writeBooleanField("applies", reason.applies());
        json.writeStringField("why", reason.why());
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("writing an explanation to memory", e);
    }
    OptionalLong cost = explanation.passingCost();
    body.put(COST);
    if (cost.isPresent()) {
      body.number(cost.getAsLong());
    } else {
      body.nothing();
    }
    OptionalLong wait = explanation.retryAfterMicros();
    body.put(WAIT);
    if (wait.isPresent()) {
      body.millis(wait.getAsLong());
    } else {
      body.nothing();
    }
    body.ascii("}}");
    end(exchange, begin(exchange, 200, JSON, body, now), body);
  }

  /** Answers that all is well. */
  void healthy(Exchange exchange) {
    Bytes body = loop.body().put(OK_BODY);
    end(exchange, begin(exchange, 200, JSON, body, door.clock().millis()), body);
  }

  /**
   * Answers with a document in YAML (RFC 9512), which ends the connection: pipelined requests for
   * it would each hold as much memory, for a few bytes sent.
   */
  void document(Exchange exchange, byte[] yaml) {
    if (!exchange.bodyless()) {
      caller.endWith(exchange);
    }
    text(exchange, "application/yaml", loop.body().put(yaml));
  }

  /** Answers how the server is. */
  void health(Exchange exchange, Readiness readiness) {
    Bytes body = loop.body();
    boolean ready = readiness.status() != Readiness.Status.NOT_READY;
    HealthWriter.write(body, readiness, door.parts().limits().state(), door.port() == Port.ADMIN);
    end(exchange, begin(exchange, ready ? 200 : 503, JSON, body, door.clock().millis()), body);
  }

  /** Answers with a text of this content type. */
  void text(Exchange exchange, String type, Bytes text) {
    byte[] line = Bytes.constant("Content-Type: " + type + "\r\n");
    end(exchange, begin(exchange, 200, line, text, door.clock().millis()), text);
  }

  /** Answers OPTIONS. */
  void options(Exchange exchange, String allow) {
    long now = door.clock().millis();
    exchange.account.status(204);
    Bytes head = loop.head().put(STATUS_LINES[204]).put(CACHE);
    common(exchange, head, now);
    end(exchange, head.put(ALLOW).ascii(allow).put(LINE_END), loop.body());
  }

  /** Answers what is wrong. */
  void problem(Exchange exchange, Problem problem) {
    if (LOG.isLoggable(Level.DEBUG)) {
      LOG.log(
          Level.DEBUG,
          "refused with " + problem.code() + ": " + problem.detail(),
          LogFields.requestId(exchange.requestId()));
    }
    Bytes body = loop.body();
    exchange.account.code(problem.code());
    boolean forbids = exchange.forbids() && problem.code() != ErrorCode.NO_IDENTITY;
    int status = forbids ? FORBIDDEN : problem.code().status();
    ProblemWriter.write(body, status, problem, exchange.requestId());
    Bytes head = begin(exchange, status, PROBLEM_JSON, body, door.clock().millis());
    if (exchange.gateway()) {
      head.put(WHY).ascii(problem.code().name()).put(LINE_END);
    }
    switch (problem.code()) {
      case UNAUTHORIZED, NO_IDENTITY -> head.put(BEARER);
      case METHOD_NOT_ALLOWED -> head.put(ALLOW).ascii(problem.allow()).put(LINE_END);
      case UNSUPPORTED_ENCODING -> head.put(IDENTITY);
      case TOO_MANY_SCRAPES, STORE_UNAVAILABLE -> head.put(RETRY_SOON);
      default -> {}
    }
    end(exchange, head, body);
  }

  private Bytes begin(Exchange exchange, int status, byte[] type, Bytes body, long now) {
    exchange.account.status(status);
    Bytes head = loop.head().put(STATUS_LINES[status]).put(type);
    head.put(LENGTH).number(body.length()).put(NO_STORE);
    common(exchange, head, now);
    return head;
  }

  private void common(Exchange exchange, Bytes head, long now) {
    head.put(DATE).put(loop.date(now)).put(REQUEST_ID).ascii(exchange.requestId()).put(LINE_END);
    caller.mayEndWith(exchange);
    if (exchange.last()) {
      head.put(CLOSE);
    } else if (exchange.sayKeepAlive()) {
      head.put(KEEP_ALIVE);
    }
  }

  private void end(Exchange exchange, Bytes head, Bytes body) {
    head.put(LINE_END);
    if (exchange.bodyless()) {
      body.clear();
    }
    exchange.makeAnswered();
    exchange.account.answered(metrics);
    caller.complete(exchange, head, body);
  }
}
