package io.tollgate.server.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Explanation;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store.Release;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.store.Store.Settlement;
import io.tollgate.server.http.Story.Ask;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The core without HTTP: takes each step of a story itself, and says what to send for it and what
 * must come back.
 */
final class Twin {

  /**
   * One call.
   *
   * @param json the body to send; empty for none
   * @param prefers whether it asks for a status instead of a decision
   * @param headers what the answer must carry beside what every answer carries
   * @param said the body of the answer; without the words for people of a problem
   */
  record Call(
      String path,
      String json,
      boolean prefers,
      int status,
      Map<String, String> headers,
      Map<String, @Nullable Object> said) {}

  private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final Map<String, Object> NOTHING = Map.of();

  private final Limiter limiter;

  /** Every id that was given, the latest first. */
  private final List<HoldId> given = new ArrayList<>();

  Twin(Limiter limiter) {
    this.limiter = limiter;
  }

  /** Takes a step; time must not pass before the call is answered over HTTP too. */
  Call take(Story step) {
    return switch (step) {
      case Story.Check(Ask ask, String key, boolean prefers) -> check(ask, key, prefers);
      case Story.Batch batch -> batch(batch);
      case Story.Explain(Ask ask) -> explain(ask);
      case Story.Reserve(Ask ask, OptionalLong ttl) -> {
        long micros = ttl.orElse(60_000) * 1_000;
        Held held = answer(said -> limiter.reserve(ask.request(null), micros, said::set));
        yield held(held, ask, ttl, "/v1/reservations", "reservation_id", "res_");
      }
      case Story.Commit(int which, long actual) ->
          settle(which, ":commit", Map.of("actual", actual), actual);
      case Story.Cancel(int which) -> settle(which, ":cancel", NOTHING, 0);
      case Story.Acquire(Ask ask, OptionalLong ttl) -> {
        OptionalLong micros =
            ttl.isPresent() ? OptionalLong.of(ttl.getAsLong() * 1_000) : OptionalLong.empty();
        Held held = answer(said -> limiter.acquire(ask.request(null), micros, said::set));
        yield held(held, ask, ttl, "/v1/leases", "lease_id", "lea_");
      }
      case Story.Renew(int which, long ttl) -> renew(which, ttl);
      case Story.Release(int which, String outcome) -> release(which, outcome);
      case Story.Refund(Ask ask) -> {
        Decision after = answer(said -> limiter.refund(ask.request(null), said::set));
        yield decided("/v1/refund", ask, after);
      }
      case Story.Reset(Ask ask, boolean leases) -> reset(ask, leases);
      case Story.Pass _ -> throw new IllegalArgumentException("nothing is called: " + step);
    };
  }

  /** What a verb hands to its callback, before it returns. */
  private static <T> T answer(Consumer<AtomicReference<T>> verb) {
    AtomicReference<T> said = new AtomicReference<>();
    verb.accept(said);
    return requireNonNull(said.get());
  }

  private Decision decide(CheckRequest request) {
    return answer(
        said -> limiter.check(request, new CheckBuffer(), buffer -> said.set(buffer.decision())));
  }

  private Map<String, String> headers(Ask ask, Decision decision) {
    return Expected.headers(
        decision, limiter.namespace(TestDoor.REALM, ask.namespace()).spec().headers());
  }

  private Call decided(String path, Ask ask, Decision decision) {
    Map<String, @Nullable Object> body = Expected.decision(decision);
    return new Call(path, json(ask.fields(null)), false, 200, headers(ask, decision), body);
  }

  private Call check(Ask ask, @Nullable String key, boolean prefers) {
    Decision decision = decide(ask.request(key));
    Map<String, @Nullable Object> said = Expected.decision(decision);
    Map<String, String> headers = headers(ask, decision);
    int status = 200;
    if (prefers) {
      headers.put("preference-applied", "status=decision");
      headers.put("vary", "Prefer");
      status = Expected.status(decision.code());
      if (status != 200) {
        headers.put("content-type", "application/problem+json");
        said.putAll(Expected.denial(decision));
      }
    }
    return new Call("/v1/check", json(ask.fields(key)), prefers, status, headers, said);
  }

  private Call batch(Story.Batch batch) {
    List<CheckRequest> requests = batch.asks().stream().map(a -> a.request(batch.key())).toList();
    BatchDecision decided =
        answer(said -> limiter.checkMany(requests, batch.mode(), d -> said.set(d)));
    Map<String, Object> sent = new LinkedHashMap<>();
    sent.put("checks", batch.asks().stream().map(a -> a.fields(batch.key())).toList());
    if (batch.mode() == BatchDecision.Mode.ALL || batch.asks().size() % 2 == 0) {
      sent.put("mode", batch.mode() == BatchDecision.Mode.ALL ? "all" : "each");
    }
    Map<String, @Nullable Object> said = new LinkedHashMap<>();
    said.put("allowed", decided.allowed());
    said.put("results", decided.decisions().stream().map(Expected::decision).toList());
    return new Call("/v1/check:batch", json(sent), false, 200, Map.of(), said);
  }

  private Call explain(Ask ask) {
    Explanation explanation = answer(said -> limiter.explain(ask.request(null), said::set));
    Map<String, @Nullable Object> said = Expected.decision(explanation.decision());
    List<Object> rules = new ArrayList<>();
    for (var reason : explanation.reasons()) {
      rules.add(Map.of("limit", reason.limit(), "applies", reason.applies(), "why", reason.why()));
    }
    said.put("rules", rules);
    Map<String, @Nullable Object> otherwise = new LinkedHashMap<>();
    OptionalLong cost = explanation.passingCost();
    OptionalLong wait = explanation.retryAfterMicros();
    otherwise.put("cost", cost.isPresent() ? cost.getAsLong() : null);
    otherwise.put("retry_after_ms", wait.isPresent() ? Expected.millis(wait.getAsLong()) : null);
    said.put("counterfactual", otherwise);
    return new Call("/v1/check:explain", json(ask.fields(null)), false, 200, Map.of(), said);
  }

  private Call held(
      Held held, Ask ask, OptionalLong ttlMillis, String path, String field, String prefix) {
    Map<String, Object> sent = ask.fields(null);
    ttlMillis.ifPresent(ttl -> sent.put("ttl_ms", ttl));
    Map<String, @Nullable Object> said = Expected.decision(held.decision());
    held.id()
        .ifPresent(id -> {
          given.addFirst(id);
          said.put(field, text(prefix, id));
          said.put("expires_at", Expected.instant(held.expiresAtMicros()));
        });
    return new Call(path, json(sent), false, 200, headers(ask, held.decision()), said);
  }

  private HoldId id(int which) {
    return which < given.size() ? given.get(which) : new HoldId(which, 0);
  }

  private Call settle(int which, String verb, Map<String, Object> sent, long actual) {
    HoldId id = id(which);
    Settlement settled = answer(said -> limiter.commit(id, actual, said::set));
    String path = "/v1/reservations/" + text("res_", id) + verb;
    String json = sent.isEmpty() && which % 2 == 0 ? "" : json(sent);
    return switch (settled) {
      case Settlement.Committed(long units) ->
          said(path, json, verb.equals(":commit") ? Map.of("committed", units) : NOTHING);
      case Settlement.SettledBefore() -> refused(path, json, 409, "RESERVATION_SETTLED");
      case Settlement.Expired() -> refused(path, json, 410, "RESERVATION_EXPIRED");
      case Settlement.Unknown() -> refused(path, json, 404, "RESERVATION_NOT_FOUND");
      case Settlement.Unavailable() -> throw new AssertionError("memory is never away");
    };
  }

  private Call renew(int which, long ttlMillis) {
    HoldId id = id(which);
    Renewal renewal = answer(said -> limiter.renew(id, ttlMillis * 1_000, said::set));
    String path = "/v1/leases/" + text("lea_", id) + ":renew";
    String json = json(Map.of("ttl_ms", ttlMillis));
    return switch (renewal) {
      case Renewal.Renewed(long until) ->
          said(path, json, Map.of("renewed", true, "expires_at", Expected.instant(until)));
      case Renewal.Expired() -> refused(path, json, 410, "LEASE_EXPIRED");
      case Renewal.Unknown() -> refused(path, json, 404, "LEASE_NOT_FOUND");
      case Renewal.Unavailable() -> throw new AssertionError("memory is never away");
    };
  }

  private Call release(int which, @Nullable String outcome) {
    HoldId id = id(which);
    boolean held = answer(said -> limiter.release(id, said::set)) == Release.RELEASED;
    String path = "/v1/leases/" + text("lea_", id) + ":release";
    String json = outcome == null ? "" : json(Map.of("outcome", outcome));
    return said(path, json, Map.of("released", held));
  }

  private Call reset(Ask ask, boolean leases) {
    limiter.reset(ask.request(null), leases, _ -> {});
    Map<String, Object> sent = ask.fields(null);
    if (leases) {
      sent.put("leases", true);
    }
    return said("/v1/reset", json(sent), NOTHING);
  }

  private static Call said(String path, String json, Map<String, Object> body) {
    return new Call(path, json, false, 200, Map.of(), new LinkedHashMap<>(body));
  }

  private static Call refused(String path, String json, int status, String code) {
    Map<String, String> headers = Map.of("content-type", "application/problem+json");
    return new Call(path, json, false, status, headers, Expected.problem(status, code));
  }

  /** 26 digits of Crockford's base 32 behind a prefix. */
  private static String text(String prefix, HoldId id) {
    BigInteger half = BigInteger.ONE.shiftLeft(64);
    BigInteger number = unsigned(id.high(), half).multiply(half).add(unsigned(id.low(), half));
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < 26; i++) {
      digits.insert(0, CROCKFORD.charAt(number.shiftRight(5 * i).intValue() & 31));
    }
    return prefix + digits;
  }

  private static BigInteger unsigned(long bits, BigInteger half) {
    BigInteger signed = BigInteger.valueOf(bits);
    return signed.signum() < 0 ? signed.add(half) : signed;
  }

  private static String json(Map<String, Object> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      write(json, fields);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        json.writeStartObject();
        for (Map.Entry<?, ?> field : map.entrySet()) {
          json.writeFieldName(String.valueOf(field.getKey()));
          write(json, requireNonNull(field.getValue()));
        }
        json.writeEndObject();
      }
      case List<?> list -> {
        json.writeStartArray();
        for (Object item : list) {
          write(json, requireNonNull(item));
        }
        json.writeEndArray();
      }
      case Boolean flag -> json.writeBoolean(flag);
      case Long number -> json.writeNumber(number);
      default -> json.writeString(value.toString());
    }
  }
}
