package io.tollgate.server.resp;

import io.tollgate.limiter.check.BroughtLimit;
import io.tollgate.limiter.check.BroughtLimits;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.nio.charset.CharacterCodingException;

/**
 * {@code CL.THROTTLE key max_burst count_per_period period [quantity]}, with arguments and answer
 * of redis-cell: limited, limit, remaining, seconds until it would pass, seconds until all is back.
 *
 * <p>Source: the README of redis-cell 0.4.0. Seconds are rounded up, so that who waits as long is
 * not too early.
 */
final class Throttle {

  /** The name and five arguments. */
  static final int MOST_WORDS = 6;

  /** What is said to whoever sends fewer or more. */
  static final String USAGE = "CL.THROTTLE key max_burst count_per_period period [quantity]";

  private static final long MICROS = 1_000_000;

  /** In place of a wait: there is none, or none helps. */
  private static final int NO_WAIT = -1;

  private final Limiter limiter;
  private final BroughtLimits limits;

  Throttle(Limiter limiter, BroughtLimits limits) {
    this.limiter = limiter;
    this.limits = limits;
  }

  /** The namespace in which it counts. */
  String namespace() {
    return limits.namespace();
  }

  /**
   * Asks.
   *
   * @param words 5 or 6, the first of them the command
   * @throws InvalidRequestException when an argument cannot be used; nothing was asked then
   */
  void ask(Arguments words, CheckBuffer buffer, Store.Listener listener) {
    String key = key(words);
    BroughtLimit limit =
        new BroughtLimit(
            number(words, 2, "max_burst"),
            number(words, 3, "count_per_period"),
            number(words, 4, "period"));
    long quantity = words.count() == MOST_WORDS ? number(words, 5, "quantity") : 1;
    limiter.check(limits, limit, key, quantity, buffer, listener);
  }

  private static String key(Arguments words) {
    try {
      return words.text(1);
    } catch (CharacterCodingException _) {
      throw new InvalidRequestException("key", "is not UTF-8", "send text");
    }
  }

  private static long number(Arguments words, int i, String field) {
    return words
        .number(i)
        .orElseThrow(() ->
            new InvalidRequestException(
                field, "'" + words.shown(i) + "' is not a whole number", "send digits"));
  }

  /** What is wrong with a question, by the names that its arguments have here. */
  static void refuse(RespWriter out, InvalidRequestException refused) {
    String field =
        switch (refused.field()) {
          case "identifier" -> "key";
          case "cost" -> "quantity";
          default -> refused.field();
        };
    out.error("ERR", field + ": " + refused.detail() + "; " + refused.fix());
  }

  /** Says what was decided; that nobody could decide is an error, never a limit. */
  static void answer(RespWriter out, Decision decision) {
    switch (decision.code()) {
      case STORE_UNAVAILABLE ->
          out.error(
              "STORE_UNAVAILABLE", "nobody knows what was used; try again, or go by your policy");
      case OVERLOADED ->
          out.error("OVERLOADED", "there is no room for another key; try again later");
      case ALLOWED, RATE_LIMITED, CONCURRENCY_EXCEEDED -> integers(out, decision);
    }
  }

  private static void integers(RespWriter out, Decision decision) {
    LimitReport limit = decision.limits().getFirst();
    out.array(5);
    out.integer(decision.allowed() ? 0 : 1);
    out.integer(limit.burst());
    out.integer(limit.remaining());
    out.integer(retryAfter(decision, limit));
    out.integer(seconds(Math.max(0, limit.resetAtMicros() - decision.atMicros())));
  }

  private static long retryAfter(Decision decision, LimitReport limit) {
    if (decision.allowed() || limit.retryAfterMicros().isEmpty()) {
      return NO_WAIT;
    }
    return Math.max(1, seconds(limit.retryAfterMicros().getAsLong()));
  }

  private static long seconds(long micros) {
    return Math.ceilDiv(micros, MICROS);
  }
}
