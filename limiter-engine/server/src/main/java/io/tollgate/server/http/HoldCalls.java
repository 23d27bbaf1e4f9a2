package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tollgate.limiter.algorithm.HoldId;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.concurrency.Outcome;
import io.tollgate.limiter.store.Store.Release;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.store.Store.Settlement;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.HoldIdText;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.metrics.Verb;
import java.io.IOException;
import java.nio.CharBuffer;

/** Carries out what concerns reservations and leases. */
final class HoldCalls {

  private static final long DEFAULT_RESERVATION_MICROS = 60_000_000;

  private final Door door;
  private final AnswerWriter writer;
  private final Json.Reader<HoldFields> reservation;
  private final Json.Reader<HoldFields> lease;

  HoldCalls(Door door, AnswerWriter writer) {
    this.door = door;
    this.writer = writer;
    this.reservation =
        json -> HoldFields.read(json, door.realm(), HoldFields.LEAST_RESERVATION_MILLIS);
    this.lease = json -> HoldFields.read(json, door.realm(), HoldFields.LEAST_LEASE_MILLIS);
  }

  void reserve(Exchange exchange, CharBuffer body) {
    HoldFields asked = Json.object(body, reservation);
    chooseHeaders(exchange, asked.check());
    door.limiter()
        .reserve(
            asked.check(),
            asked.ttlMicros().orElse(DEFAULT_RESERVATION_MICROS),
            held ->
                exchange.onLoop(() ->
                    writer.held(
                        exchange, Verb.RESERVE, held, "reservation_id", HoldIdText.RESERVATION)));
  }

  void acquire(Exchange exchange, CharBuffer body) {
    HoldFields asked = Json.object(body, lease);
    chooseHeaders(exchange, asked.check());
    door.limiter()
        .acquire(
            asked.check(),
            asked.ttlMicros(),
            held ->
                exchange.onLoop(
                    () -> writer.held(exchange, Verb.LEASE, held, "lease_id", HoldIdText.LEASE)));
  }

  private void chooseHeaders(Exchange exchange, CheckRequest check) {
    exchange.decidedBy(door.limiter().namespace(check.realm(), check.namespace()).spec());
  }

  void commit(Exchange exchange, String id, CharBuffer body) {
    long actual = Json.object(body, HoldFields::actual);
    door.limiter()
        .commit(reservation(id), actual, s -> exchange.onLoop(() -> settled(exchange, s, true)));
  }

  void cancel(Exchange exchange, String id, CharBuffer body) {
    var _ = Json.objectOrNothing(body, HoldCalls::nothing);
    door.limiter().cancel(reservation(id), s -> exchange.onLoop(() -> settled(exchange, s, false)));
  }

  private static boolean nothing(JsonParser json) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      Json.skip(json);
    }
    return true;
  }

  private static HoldId reservation(String id) {
    return HoldIdText.parse(HoldIdText.RESERVATION, id)
        .orElseThrow(() -> RefusedException.of(ErrorCode.RESERVATION_NOT_FOUND, unknown(id)));
  }

  private static HoldId lease(String id) {
    return HoldIdText.parse(HoldIdText.LEASE, id)
        .orElseThrow(() -> RefusedException.of(ErrorCode.LEASE_NOT_FOUND, unknown(id)));
  }

  private static String unknown(String id) {
    return "'" + id + "' is no id that this server has given";
  }

  private void settled(Exchange exchange, Settlement settlement, boolean sayUnits) {
    switch (settlement) {
      case Settlement.Committed(long units) -> {
        if (sayUnits) {
          writer.committed(exchange, units);
        } else {
          writer.object(exchange, 200, "{}");
        }
      }
      case Settlement.SettledBefore() ->
          refuse(exchange, ErrorCode.RESERVATION_SETTLED, "an earlier call settled it");
      case Settlement.Expired() ->
          refuse(
              exchange,
              ErrorCode.RESERVATION_EXPIRED,
              "its time was over, so it counts as committed in full");
      case Settlement.Unknown() ->
          refuse(
              exchange,
              ErrorCode.RESERVATION_NOT_FOUND,
              "it was never made here, or ended long ago");
      case Settlement.Unavailable() ->
          refuse(
              exchange,
              ErrorCode.STORE_UNAVAILABLE,
              "it may be settled or not; try again, an id is settled once");
    }
  }

  void renew(Exchange exchange, String id, CharBuffer body) {
    long ttlMicros = Json.object(body, HoldFields::renewal);
    door.limiter().renew(lease(id), ttlMicros, r -> exchange.onLoop(() -> renewed(exchange, r)));
  }

  private void renewed(Exchange exchange, Renewal renewal) {
    switch (renewal) {
      case Renewal.Renewed(long expiresAtMicros) -> writer.renewed(exchange, expiresAtMicros);
      case Renewal.Expired() ->
          refuse(
              exchange, ErrorCode.LEASE_EXPIRED, "it has expired or was released; take a new one");
      case Renewal.Unknown() ->
          refuse(
              exchange,
              ErrorCode.LEASE_NOT_FOUND,
              "it was never given here, or ended long ago; take a new one");
      case Renewal.Unavailable() ->
          refuse(
              exchange,
              ErrorCode.STORE_UNAVAILABLE,
              "it may be renewed or not; try again before it ends");
    }
  }

  void release(Exchange exchange, String id, CharBuffer body) {
    Outcome outcome = Json.objectOrNothing(body, HoldFields::outcome);
    door.limiter()
        .release(lease(id), outcome, release -> exchange.onLoop(() -> released(exchange, release)));
  }

  private void released(Exchange exchange, Release release) {
    switch (release) {
      case RELEASED -> writer.object(exchange, 200, "{\"released\":true}");
      case NOT_HELD -> writer.object(exchange, 200, "{\"released\":false}");
      case UNAVAILABLE ->
          refuse(
              exchange,
              ErrorCode.STORE_UNAVAILABLE,
              "it may have ended or not; try again, or let it end with its time");
    }
  }

  private void refuse(Exchange exchange, ErrorCode code, String detail) {
    writer.problem(exchange, Problem.of(code, detail));
  }
}
