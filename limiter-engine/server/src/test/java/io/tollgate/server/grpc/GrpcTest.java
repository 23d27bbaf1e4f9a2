package io.tollgate.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.v1.AcquireRequest;
import io.tollgate.limiter.v1.AcquireResponse;
import io.tollgate.limiter.v1.CancelRequest;
import io.tollgate.limiter.v1.CheckManyRequest;
import io.tollgate.limiter.v1.CheckManyResponse;
import io.tollgate.limiter.v1.CheckRequest;
import io.tollgate.limiter.v1.Code;
import io.tollgate.limiter.v1.CommitRequest;
import io.tollgate.limiter.v1.Decision;
import io.tollgate.limiter.v1.Explanation;
import io.tollgate.limiter.v1.ReleaseRequest;
import io.tollgate.limiter.v1.RenewRequest;
import io.tollgate.limiter.v1.ReserveRequest;
import io.tollgate.limiter.v1.ReserveResponse;
import io.tollgate.limiter.v1.ResetRequest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of the service, by a standard client over a real socket. */
@Timeout(60)
class GrpcTest {

  private static final String[] LIMITS = {
    "version: 1",
    "namespaces:",
    "  api:",
    "    limits: [{name: per-minute, algorithm: fixed_window, limit: 3, period: 1m}]",
    "  streams:",
    "    limits: [{name: at-once, algorithm: concurrency, limit: 2, lease_ttl: 30s}]",
    "  mail:",
    "    limits: [{name: paced, algorithm: leaky_bucket, mode: queue, limit: 2, period: 1s,"
        + " burst: 1, max_delay: 2s}]",
    "  watched:",
    "    limits: [{name: seen, algorithm: gcra, limit: 1, period: 1s, shadow: true}]",
  };

  @SuppressWarnings("NullAway.Init") // before each test
  private TestGrpc server;

  @BeforeEach
  void start() throws IOException {
    server = new TestGrpc(TestGrpc.With.nothing(), LIMITS);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private Decision check(String identifier, String namespace, long cost) {
    return server.call(LimiterMethods.CHECK, TestGrpc.asked(identifier, namespace, cost));
  }

  private static Timestamp after(long seconds) {
    return Timestamp.newBuilder().setSeconds(TestGrpc.START.getEpochSecond() + seconds).build();
  }

  @Test
  void aCheckIsAnsweredWithAllFieldsOfADecision() {
    Decision first = check("user", "api", 2);
    assertTrue(first.getAllowed());
    assertEquals(Code.ALLOWED, first.getCode());
    assertEquals(1, first.getRemaining());
    assertEquals(after(60), first.getResetAt());
    assertFalse(first.hasRetryAfterMs());
    assertFalse(first.hasDelayMs());
    assertTrue(first.getDecisionId().matches("dec_[0-9A-HJKMNP-TV-Z]{26}"), first::getDecisionId);
    server.micros.addAndGet(1_500);
    Decision denied = check("user", "api", 2);
    assertFalse(denied.getAllowed());
    assertEquals(Code.RATE_LIMITED, denied.getCode());
    assertEquals(59_998.5, denied.getRetryAfterMs());
    assertEquals("per-minute", denied.getLimits(0).getName());
    assertEquals("fixed_window", denied.getLimits(0).getAlgorithm());
    assertEquals(3, denied.getLimits(0).getLimit());
    assertTrue(denied.getLimits(0).getBinding());
    assertFalse(denied.getLimits(0).hasBurst());
    assertEquals(1, check("user", "api", 1).getLimits(0).getRemaining() + 1);
  }

  @Test
  void aCostThatIsNotSaidIsOneAndZeroPeeks() {
    CheckRequest bare = CheckRequest.newBuilder().setIdentifier("user").setNamespace("api").build();
    assertEquals(2, server.call(LimiterMethods.CHECK, bare).getRemaining());
    assertEquals(2, check("user", "api", 0).getRemaining());
  }

  @Test
  void queuesAndShadowLimitsSayWhatTheySayOverHttp() {
    assertEquals(0.0, check("user", "mail", 1).getDelayMs());
    assertEquals(500.0, check("user", "mail", 1).getDelayMs());
    assertTrue(check("user", "watched", 1).getLimits(0).getAllowed());
    Decision watched = check("user", "watched", 1);
    assertTrue(watched.getAllowed());
    assertFalse(watched.getLimits(0).getAllowed());
    assertFalse(watched.hasRemaining());
  }

  @Test
  void aRepeatedQuestionGetsTheFirstAnswer() {
    CheckRequest once = TestGrpc.asked("user", "api", 1).toBuilder().setIdempotencyKey("k").build();
    assertEquals(2, server.call(LimiterMethods.CHECK, once).getRemaining());
    assertEquals(2, server.call(LimiterMethods.CHECK, once).getRemaining());
    assertEquals(2, check("user", "api", 0).getRemaining());
  }

  @Test
  void severalChecksAreDecidedEachOrTogether() {
    CheckManyRequest.Builder many =
        CheckManyRequest.newBuilder()
            .addChecks(TestGrpc.asked("one", "api", 2))
            .addChecks(TestGrpc.asked("two", "api", 4));
    CheckManyResponse each = server.call(LimiterMethods.CHECK_MANY, many.build());
    assertFalse(each.getAllowed());
    assertEquals(
        List.of(true, false), each.getResultsList().stream().map(Decision::getAllowed).toList());
    many.setMode(CheckManyRequest.Mode.ALL);
    assertFalse(server.call(LimiterMethods.CHECK_MANY, many.build()).getAllowed());
    assertEquals(1, check("one", "api", 0).getRemaining());
  }

  @Test
  void anExplanationChangesNothing() {
    Explanation why = server.call(LimiterMethods.EXPLAIN, TestGrpc.asked("user", "api", 4));
    assertFalse(why.getDecision().getAllowed());
    assertEquals("per-minute", why.getRules(0).getLimit());
    assertTrue(why.getRules(0).getApplies());
    assertEquals(3, why.getCounterfactual().getCost());
    assertFalse(why.getCounterfactual().hasRetryAfterMs(), "it can never pass");
    assertEquals(3, check("user", "api", 0).getRemaining());
  }

  @Test
  void aReservationIsSettledOnce() {
    ReserveRequest of =
        ReserveRequest.newBuilder().setCheck(TestGrpc.asked("user", "api", 3)).build();
    ReserveResponse made = server.call(LimiterMethods.RESERVE, of);
    assertTrue(made.getDecision().getAllowed());
    assertEquals(after(60), made.getExpiresAt());
    CommitRequest commit =
        CommitRequest.newBuilder().setReservationId(made.getReservationId()).setActual(1).build();
    assertEquals(1, server.call(LimiterMethods.COMMIT, commit).getCommitted());
    assertEquals(2, check("user", "api", 0).getRemaining());
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "RESERVATION_SETTLED",
        () -> server.call(LimiterMethods.COMMIT, commit));
    ReserveResponse other =
        server.call(
            LimiterMethods.RESERVE,
            of.toBuilder().setCheck(TestGrpc.asked("user", "api", 2)).setTtlMs(1_000).build());
    CancelRequest cancel =
        CancelRequest.newBuilder().setReservationId(other.getReservationId()).build();
    var _ = server.call(LimiterMethods.CANCEL, cancel);
    assertEquals(2, check("user", "api", 0).getRemaining());
    ReserveResponse denied = server.call(LimiterMethods.RESERVE, of);
    assertFalse(denied.getDecision().getAllowed());
    assertFalse(denied.hasReservationId());
  }

  @Test
  void aLeaseIsHeldRenewedAndReleased() {
    AcquireRequest of =
        AcquireRequest.newBuilder().setCheck(TestGrpc.asked("user", "streams", 2)).build();
    AcquireResponse held = server.call(LimiterMethods.ACQUIRE, of);
    assertEquals(after(30), held.getExpiresAt());
    assertEquals(
        Code.CONCURRENCY_EXCEEDED, server.call(LimiterMethods.ACQUIRE, of).getDecision().getCode());
    RenewRequest renew =
        RenewRequest.newBuilder().setLeaseId(held.getLeaseId()).setTtlMs(45_000).build();
    assertEquals(after(45), server.call(LimiterMethods.RENEW, renew).getExpiresAt());
    ReleaseRequest release =
        ReleaseRequest.newBuilder()
            .setLeaseId(held.getLeaseId())
            .setOutcome(ReleaseRequest.Outcome.DROPPED)
            .build();
    assertTrue(server.call(LimiterMethods.RELEASE, release).getReleased());
    assertFalse(server.call(LimiterMethods.RELEASE, release).getReleased());
    assertRefused(
        Status.Code.FAILED_PRECONDITION,
        "LEASE_EXPIRED",
        () -> server.call(LimiterMethods.RENEW, renew));
  }

  @Test
  void unitsAreGivenBackAndForgotten() {
    check("user", "api", 3);
    assertEquals(
        2, server.call(LimiterMethods.REFUND, TestGrpc.asked("user", "api", 2)).getRemaining());
    var _ =
        server.call(
            LimiterMethods.RESET,
            ResetRequest.newBuilder().setIdentifier("user").setNamespace("api").build());
    assertEquals(3, check("user", "api", 0).getRemaining());
  }

  private static void assertRefused(Status.Code status, String reason, Runnable call) {
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, call::run);
    assertEquals(status, refused.getStatus().getCode(), refused::getMessage);
    assertEquals(reason, info(refused).getReason());
  }

  private static ErrorInfo info(StatusRuntimeException refused) {
    return detail(refused, 0, ErrorInfo.class);
  }

  private static <M extends com.google.protobuf.Message> M detail(
      StatusRuntimeException refused, int index, Class<M> kind) {
    try {
      return Optional.ofNullable(StatusProto.fromThrowable(refused))
          .orElseThrow()
          .getDetails(index)
          .unpack(kind);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  record Wrong(CheckRequest request, Status.Code status, String reason, String field) {}

  static Stream<Wrong> wrong() {
    CheckRequest fine = TestGrpc.asked("user", "api", 1);
    Status.Code invalid = Status.Code.INVALID_ARGUMENT;
    return Stream.of(
        new Wrong(
            fine.toBuilder().clearIdentifier().build(), invalid, "MISSING_FIELD", "identifier"),
        new Wrong(fine.toBuilder().clearNamespace().build(), invalid, "MISSING_FIELD", "namespace"),
        new Wrong(
            fine.toBuilder().setIdentifier("x".repeat(513)).build(),
            invalid,
            "INVALID_FIELD",
            "identifier"),
        new Wrong(
            fine.toBuilder().setIdentifier("a\0b").build(), invalid, "INVALID_FIELD", "identifier"),
        new Wrong(
            fine.toBuilder().setNamespace("no such name").build(),
            invalid,
            "INVALID_FIELD",
            "namespace"),
        new Wrong(fine.toBuilder().setCost(-1).build(), invalid, "INVALID_FIELD", "cost"),
        new Wrong(
            fine.toBuilder().setCost(Long.MAX_VALUE).build(), invalid, "INVALID_FIELD", "cost"),
        new Wrong(
            fine.toBuilder().setEndpoint("x".repeat(1_025)).build(),
            invalid,
            "INVALID_FIELD",
            "endpoint"),
        new Wrong(
            fine.toBuilder().setIdempotencyKey("x".repeat(256)).build(),
            invalid,
            "INVALID_FIELD",
            "idempotency_key"),
        new Wrong(
            fine.toBuilder().setNamespace("unknown").build(),
            Status.Code.NOT_FOUND,
            "NAMESPACE_NOT_FOUND",
            "namespace"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void whatIsWrongIsSaidWithItsFieldAndTheFix(Wrong wrong) {
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> server.call(LimiterMethods.CHECK, wrong.request));
    assertEquals(wrong.status, refused.getStatus().getCode(), refused::getMessage);
    assertEquals(wrong.reason, info(refused).getReason());
    BadRequest.FieldViolation field = detail(refused, 1, BadRequest.class).getFieldViolations(0);
    assertEquals(wrong.field, field.getField());
    assertTrue(field.getDescription().contains("; "), field::getDescription);
    assertTrue(check("user", "api", 3).getAllowed(), "nothing was charged");
  }

  @Test
  void aWrongEntryOfABatchIsNamedAndNothingIsCharged() {
    CheckManyRequest many =
        CheckManyRequest.newBuilder()
            .addChecks(TestGrpc.asked("user", "api", 3))
            .addChecks(TestGrpc.asked("user", "api", -3))
            .build();
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class, () -> server.call(LimiterMethods.CHECK_MANY, many));
    assertEquals(
        "checks[1].cost", detail(refused, 1, BadRequest.class).getFieldViolations(0).getField());
    assertTrue(check("user", "api", 3).getAllowed());
  }

  @Test
  void tokensOpenWhatTheyOpenOverHttp() throws IOException {
    try (TestGrpc guarded = new TestGrpc(TestGrpc.With.tokens("check", "admin"), LIMITS)) {
      CheckRequest one = TestGrpc.asked("user", "api", 1);
      assertRefused(
          Status.Code.UNAUTHENTICATED,
          "UNAUTHORIZED",
          () -> guarded.call(LimiterMethods.CHECK, one));
      assertRefused(
          Status.Code.UNAUTHENTICATED,
          "UNAUTHORIZED",
          () -> TestGrpc.call(guarded.client("admin"), LimiterMethods.CHECK, one));
      assertTrue(TestGrpc.call(guarded.client("check"), LimiterMethods.CHECK, one).getAllowed());
      assertRefused(
          Status.Code.UNAUTHENTICATED,
          "UNAUTHORIZED",
          () -> TestGrpc.call(guarded.client("check"), LimiterMethods.REFUND, one));
      assertEquals(
          3, TestGrpc.call(guarded.client("admin"), LimiterMethods.REFUND, one).getRemaining());
    }
  }
}
