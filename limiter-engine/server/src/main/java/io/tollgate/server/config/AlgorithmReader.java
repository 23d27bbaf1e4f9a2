package io.tollgate.server.config;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import io.tollgate.limiter.algorithm.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads how one limit counts: its algorithm and the numbers that belong to it. */
final class AlgorithmReader {

  private static final Durations.Range PERIOD =
      new Durations.Range(Durations.MILLISECOND, 366 * Durations.DAY, "1ms to 366d");
  private static final Durations.Range DELAY =
      new Durations.Range(Durations.MILLISECOND, Durations.HOUR, "1ms to 1h");
  private static final Durations.Range LEASE =
      new Durations.Range(100 * Durations.MILLISECOND, Durations.HOUR, "100ms to 1h");

  /** How long a lease lasts where neither the limit nor the caller says it. */
  static final long DEFAULT_LEASE = 30 * Durations.SECOND;

  private enum Align {
    EPOCH,
    CALENDAR,
    FIRST_CALL
  }

  private static final Map<String, Align> ALIGNS =
      Map.of("epoch", Align.EPOCH, "calendar", Align.CALENDAR, "first_call", Align.FIRST_CALL);
  private static final Map<String, LeakyMode> MODES =
      Map.of("meter", LeakyMode.METER, "queue", LeakyMode.QUEUE);
  private static final Map<String, Boolean> ADAPTIVE = Map.of("gradient2", true);

  /** The least that Netflix's gradient2 goes down to unless it is told. */
  static final long DEFAULT_MIN_LIMIT = 20;

  private final Fields fields;
  private final Optional<AlgorithmKind> kind;
  private final OptionalLong limit;
  private final Optional<Period> period;
  private final OptionalLong burst;
  private final Optional<Align> align;
  private final Optional<ZoneId> zone;
  private final Optional<LeakyMode> mode;
  private final OptionalLong maxDelay;
  private final OptionalLong leaseTtl;
  private final boolean adapts;
  private final OptionalLong minLimit;

  /** Reads every field, whatever the algorithm, so that one look finds every fault. */
  AlgorithmReader(Fields fields) {
    this.fields = fields;
    this.kind =
        fields
            .require("algorithm", "an algorithm, such as algorithm: gcra")
            .flatMap(v -> v.oneOf(AlgorithmKind.BY_NAME));
    this.limit = number(fields.require("limit", "a whole number, such as limit: 100"));
    this.period = fields.get("period").flatMap(AlgorithmReader::period);
    this.burst = number(fields.get("burst"));
    this.align = fields.get("align").flatMap(v -> v.oneOf(ALIGNS));
    this.zone = fields.get("zone").flatMap(Zones::read);
    this.mode = fields.get("mode").flatMap(v -> v.oneOf(MODES));
    this.maxDelay = duration("max_delay", DELAY);
    this.leaseTtl = duration("lease_ttl", LEASE);
    this.adapts = fields.get("adaptive").flatMap(v -> v.oneOf(ADAPTIVE)).isPresent();
    Optional<Value> least = fields.get("min_limit");
    this.minLimit =
        least.isEmpty()
            ? OptionalLong.empty()
            : least.get().wholeNumber(1, limit.orElse(Exact.MAX));
    kind.ifPresent(this::requireFit);
  }

  private static OptionalLong number(Optional<Value> value) {
    return value.isEmpty() ? OptionalLong.empty() : value.get().wholeNumber(1, Exact.MAX);
  }

  private OptionalLong duration(String name, Durations.Range range) {
    Optional<Value> value = fields.get(name);
    return value.isEmpty() ? OptionalLong.empty() : value.get().micros(range);
  }

  private static Optional<Period> period(Value value) {
    if (value.node() instanceof Node.Scalar scalar && scalar.text().equals("month")) {
      return Optional.of(Period.MONTH);
    }
    OptionalLong micros = value.micros(PERIOD);
    return micros.isEmpty() ? Optional.empty() : Optional.of(new Period.Span(micros.getAsLong()));
  }

  /** Reports fields that this algorithm has not, and those that another field asks for. */
  private void requireFit(AlgorithmKind kind) {
    for (String field : AlgorithmKind.specialFields()) {
      if (!kind.has(field)) {
        fields.refuse(
            field,
            "does not fit " + kind.wireName(),
            "remove it, or write algorithm: " + AlgorithmKind.thatHave(field));
      }
    }
    if (kind.has("period")) {
      var _ = fields.require("period", "a duration, such as period: 1m");
    }
    if (kind.has("zone") && align.map(a -> a != Align.CALENDAR).orElse(!fields.has("align"))) {
      fields.refuse("zone", "counts only for a calendar", "add align: calendar, or remove zone");
    }
    if (kind.has("adaptive") && !fields.has("adaptive")) {
      fields.refuse("min_limit", "counts only with adaptive", "add adaptive: gradient2");
    }
    if (kind.has("mode") && mode.isPresent() && mode.get() == LeakyMode.QUEUE) {
      var _ = fields.require("max_delay", "the longest delay, such as max_delay: 2s");
    }
    if (kind.has("mode") && mode.map(m -> m == LeakyMode.METER).orElse(!fields.has("mode"))) {
      fields.refuse("max_delay", "a meter delays nothing", "add mode: queue, or remove max_delay");
    }
  }

  /** The algorithm; empty when something of its object is wrong, which is among the problems. */
  Optional<Algorithm> read() {
    if (kind.isEmpty() || !fields.sound()) {
      return Optional.empty();
    }
    try {
      return Optional.of(build(kind.get(), limit.orElseThrow()));
    } catch (InvalidLimitException refusal) {
      fields.refuse(refusal);
      return Optional.empty();
    }
  }

  private Algorithm build(AlgorithmKind kind, long limit) {
    long capacity = burst.orElse(limit);
    return switch (kind) {
      case FIXED_WINDOW -> new Algorithm.FixedWindow(limit, period.orElseThrow(), alignment());
      case SLIDING_WINDOW -> new Algorithm.SlidingWindow(limit, span());
      case SLIDING_LOG -> new Algorithm.SlidingLog(limit, span());
      case TOKEN_BUCKET -> new Algorithm.TokenBucket(limit, span(), capacity);
      case GCRA -> new Algorithm.Gcra(limit, span(), capacity);
      case LEAKY_BUCKET ->
          new Algorithm.LeakyBucket(
              limit, span(), capacity, mode.orElse(LeakyMode.METER), maxDelay.orElse(0));
      case CONCURRENCY ->
          new Algorithm.Concurrency(limit, leaseTtl.orElse(DEFAULT_LEASE), leastLimit(limit));
    };
  }

  private long leastLimit(long limit) {
    return adapts ? minLimit.orElse(Math.min(DEFAULT_MIN_LIMIT, limit)) : 0;
  }

  private Alignment alignment() {
    return switch (align.orElse(Align.EPOCH)) {
      case EPOCH -> new Alignment.Epoch();
      case FIRST_CALL -> new Alignment.FirstCall();
      case CALENDAR -> new Alignment.Calendar(zone.orElse(ZoneOffset.UTC));
    };
  }

  private long span() {
    return switch (period.orElseThrow()) {
      case Period.Span(long micros) -> micros;
      case Period.Month() ->
          throw new InvalidLimitException(
              "period",
              "a month has no fixed length",
              "write 30d, or algorithm: fixed_window with align: calendar");
    };
  }
}
