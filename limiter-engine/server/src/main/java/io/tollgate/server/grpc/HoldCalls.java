package io.tollgate.server.grpc;

import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.Held;
import io.tollgate.limiter.concurrency.Outcome;
import io.tollgate.limiter.store.Store.Release;
import io.tollgate.limiter.store.Store.Renewal;
import io.tollgate.limiter.store.Store.Settlement;
import io.tollgate.limiter.v1.AcquireRequest;
import io.tollgate.limiter.v1.AcquireResponse;
import io.tollgate.limiter.v1.CancelRequest;
import io.tollgate.limiter.v1.CancelResponse;
import io.tollgate.limiter.v1.CommitRequest;
import io.tollgate.limiter.v1.CommitResponse;
import io.tollgate.limiter.v1.ReleaseRequest;
import io.tollgate.limiter.v1.ReleaseResponse;
import io.tollgate.limiter.v1.RenewRequest;
import io.tollgate.limiter.v1.RenewResponse;
import io.tollgate.limiter.v1.ReserveRequest;
import io.tollgate.limiter.v1.ReserveResponse;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.HoldIdText;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.metrics.Verb;
import java.util.OptionalLong;
import java.util.function.LongFunction;

/** Reservations and leases. */
final class HoldCalls {

  private static final long DEFAULT_RESERVATION_MICROS = 60_000_000;
  private static final String OWN_ID = "what is held has an id of its own";

  private final Behind behind;
  private final Loops loops;

  HoldCalls(Behind behind, Loops loops) {
    this.behind = behind;
    this.loops = loops;
  }

  void reserve(ReserveRequest said, Reply<ReserveResponse> reply) {
    CheckRequest check = check(said.getCheck());
    String namespace = namespace(check);
    long ttl =
        said.hasTtlMs()
            ? Requests.ttlMicros(said.getTtlMs(), Requests.LEAST_RESERVATION_MILLIS)
            : DEFAULT_RESERVATION_MICROS;
    Loops.Loop loop = loops.ofThisThread();
    behind
        .limiter()
        .reserve(
            check,
            ttl,
            held -> {
              reply.metrics().decided(Verb.RESERVE, namespace, held.decision());
              reply.give(reserved(held, loop));
            });
  }

  private static ReserveResponse reserved(Held held, Loops.Loop loop) {
    ReserveResponse.Builder out =
        ReserveResponse.newBuilder().setDecision(loop.messages().decision(held.decision()));
    held.id()
        .ifPresent(id ->
            out.setReservationId(HoldIdText.of(HoldIdText.RESERVATION, id))
                .setExpiresAt(Messages.instant(held.expiresAtMicros())));
    return out.build();
  }

  void acquire(AcquireRequest said, Reply<AcquireResponse> reply) {
    CheckRequest check = check(said.getCheck());
    String namespace = namespace(check);
    OptionalLong ttl =
        said.hasTtlMs()
            ? OptionalLong.of(Requests.ttlMicros(said.getTtlMs(), Requests.LEAST_LEASE_MILLIS))
            : OptionalLong.empty();
    Loops.Loop loop = loops.ofThisThread();
    behind
        .limiter()
        .acquire(
            check,
            ttl,
            held -> {
              reply.metrics().decided(Verb.LEASE, namespace, held.decision());
              reply.give(acquired(held, loop));
            });
  }

  private static AcquireResponse acquired(Held held, Loops.Loop loop) {
    AcquireResponse.Builder out =
        AcquireResponse.newBuilder().setDecision(loop.messages().decision(held.decision()));
    held.id()
        .ifPresent(id ->
            out.setLeaseId(HoldIdText.of(HoldIdText.LEASE, id))
                .setExpiresAt(Messages.instant(held.expiresAtMicros())));
    return out.build();
  }

  private CheckRequest check(io.tollgate.limiter.v1.CheckRequest said) {
    try {
      return Requests.withoutKey(Requests.check(behind.realm(), said), OWN_ID);
    } catch (RuntimeException e) {
      throw Statuses.problem(e, "check.").map(RefusedException::new).orElseThrow(() -> e);
    }
  }

  private String namespace(CheckRequest check) {
    return behind.limiter().namespace(check.realm(), check.namespace()).spec().name();
  }

  void commit(CommitRequest said, Reply<CommitResponse> reply) {
    if (!said.hasActual()) {
      throw RefusedException.field(
          ErrorCode.MISSING_FIELD, "actual", "is missing", "say how many units were really used");
    } else if (said.getActual() < 0) {
      throw RefusedException.field(
          ErrorCode.INVALID_FIELD,
          "actual",
          said.getActual() + " is out of bounds",
          "send what was used, 0 or more");
    }
    behind
        .limiter()
        .commit(
            Requests.reservation(said.getReservationId()),
            said.getActual(),
            settlement ->
                settled(
                    settlement,
                    units -> CommitResponse.newBuilder().setCommitted(units).build(),
                    reply));
  }

  void cancel(CancelRequest said, Reply<CancelResponse> reply) {
    behind
        .limiter()
        .cancel(
            Requests.reservation(said.getReservationId()),
            settlement -> settled(settlement, _ -> CancelResponse.getDefaultInstance(), reply));
  }

  private static <A> void settled(Settlement settlement, LongFunction<A> answer, Reply<A> reply) {
    switch (settlement) {
      case Settlement.Committed(long units) -> reply.give(answer.apply(units));
      case Settlement.SettledBefore() ->
          reply.refuse(ErrorCode.RESERVATION_SETTLED, "an earlier call settled it");
      case Settlement.Expired() ->
          reply.refuse(
              ErrorCode.RESERVATION_EXPIRED,
              "its time was over, so it counts as committed in full");
      case Settlement.Unknown() ->
          reply.refuse(
              ErrorCode.RESERVATION_NOT_FOUND, "it was never made here, or ended long ago");
      case Settlement.Unavailable() ->
          reply.refuse(
              ErrorCode.STORE_UNAVAILABLE,
              "it may be settled or not; try again, an id is settled once");
    }
  }

  void renew(RenewRequest said, Reply<RenewResponse> reply) {
    long ttl = Requests.ttlMicros(said.getTtlMs(), Requests.LEAST_LEASE_MILLIS);
    behind
        .limiter()
        .renew(Requests.lease(said.getLeaseId()), ttl, renewal -> renewed(renewal, reply));
  }

  private static void renewed(Renewal renewal, Reply<RenewResponse> reply) {
    switch (renewal) {
      case Renewal.Renewed(long expiresAtMicros) ->
          reply.give(
              RenewResponse.newBuilder()
                  .setRenewed(true)
                  .setExpiresAt(Messages.instant(expiresAtMicros))
                  .build());
      case Renewal.Expired() ->
          reply.refuse(ErrorCode.LEASE_EXPIRED, "it has expired or was released; take a new one");
      case Renewal.Unknown() ->
          reply.refuse(
              ErrorCode.LEASE_NOT_FOUND,
              "it was never given here, or ended long ago; take a new one");
      case Renewal.Unavailable() ->
          reply.refuse(
              ErrorCode.STORE_UNAVAILABLE, "it may be renewed or not; try again before it ends");
    }
  }

  void release(ReleaseRequest said, Reply<ReleaseResponse> reply) {
    behind
        .limiter()
        .release(
            Requests.lease(said.getLeaseId()),
            outcome(said.getOutcome()),
            release -> released(release, reply));
  }

  private static Outcome outcome(ReleaseRequest.Outcome said) {
    return switch (said) {
      case OUTCOME_UNSPECIFIED, SUCCESS -> Outcome.SUCCESS;
      case IGNORE -> Outcome.IGNORE;
      case DROPPED -> Outcome.DROPPED;
      case UNRECOGNIZED ->
          throw RefusedException.field(
              ErrorCode.INVALID_FIELD,
              "outcome",
              "is unknown here",
              "send SUCCESS, IGNORE or DROPPED");
    };
  }

  private static void released(Release release, Reply<ReleaseResponse> reply) {
    switch (release) {
      case RELEASED -> reply.give(ReleaseResponse.newBuilder().setReleased(true).build());
      case NOT_HELD -> reply.give(ReleaseResponse.getDefaultInstance());
      case UNAVAILABLE ->
          reply.refuse(
              ErrorCode.STORE_UNAVAILABLE,
              "it may have ended or not; try again, or let it end with its time");
    }
  }
}
