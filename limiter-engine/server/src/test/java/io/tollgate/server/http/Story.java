package io.tollgate.server.http;

import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.CheckRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a client does next, in words that HTTP and the core both understand. */
sealed interface Story {

  /**
   * Who asks for how much; every field as a body may hold it.
   *
   * @param cost empty when the body does not say
   */
  record Ask(
      String identifier,
      String namespace,
      OptionalLong cost,
      @Nullable String endpoint,
      Map<String, String> attributes) {

    CheckRequest request(@Nullable String key) {
      return new CheckRequest(
          TestDoor.REALM,
          identifier,
          namespace,
          identifier,
          cost.orElse(1),
          endpoint,
          attributes,
          key);
    }

    /** The fields of the body, to which others may be added. */
    Map<String, Object> fields(@Nullable String key) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("identifier", identifier);
      cost.ifPresent(units -> fields.put("cost", units));
      if (endpoint != null) {
        fields.put("endpoint", endpoint);
      }
      if (!attributes.isEmpty()) {
        fields.put("attributes", attributes);
      }
      if (key != null) {
        fields.put("idempotency_key", key);
      }
      fields.put("namespace", namespace);
      return fields;
    }
  }

  /**
   * A check.
   *
   * @param prefers whether a denial is wanted as a status
   */
  record Check(Ask ask, @Nullable String key, boolean prefers) implements Story {}

  /** Several checks; keys only where each is on its own. */
  record Batch(BatchDecision.Mode mode, List<Ask> asks, @Nullable String key) implements Story {}

  /** Why a check would be told what. */
  record Explain(Ask ask) implements Story {}

  /** A reservation. */
  record Reserve(Ask ask, OptionalLong ttlMillis) implements Story {}

  /**
   * Settles a reservation.
   *
   * @param which of the ids given so far, counted backwards, also those of leases
   */
  record Commit(int which, long actual) implements Story {}

  /** Settles a reservation at nothing. */
  record Cancel(int which) implements Story {}

  /** A lease. */
  record Acquire(Ask ask, OptionalLong ttlMillis) implements Story {}

  /** Holds a lease longer. */
  record Renew(int which, long ttlMillis) implements Story {}

  /** Ends a lease. */
  record Release(int which, @Nullable String outcome) implements Story {}

  /** Takes units back. */
  record Refund(Ask ask) implements Story {}

  /** Forgets what was used. */
  record Reset(Ask ask, boolean leases) implements Story {}

  /** Time passes; whatever was asked before is answered first. */
  record Pass(long micros) implements Story {}
}
