package io.tollgate.server.grpc;

import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.Error;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Verb;
import java.lang.System.Logger.Level;

/**
 * Many checks over one stream: each is decided when it arrives and answered when it is decided.
 *
 * <p>At most so many are read that are not answered, and none while the client does not read its
 * answers, so a stream holds a bounded memory whatever is sent. Confined to the call's event loop.
 */
final class CheckStream implements StreamObserver<Parsed<CheckStreamRequest>> {

  /** Read at once; as many wait for a remote store. */
  private static final int MOST_OPEN = 256;

  /** Asked for together: asking for each message costs more than deciding it. */
  private static final int TOGETHER = 64;

  private static final System.Logger LOG = System.getLogger(CheckStream.class.getName());
  private static final String METHOD = "CheckStream";

  private final Behind behind;
  private final Loops.Loop loop;
  private final LoopMetrics metrics;
  private final ServerCallStreamObserver<CheckStreamResponse> caller;

  /** Read and not answered. */
  private int open;

  /** Answered, and not asked for anew. */
  private int answered;

  /** No more requests come. */
  private boolean ended;

  /** It was ended with an error. */
  private boolean failed;

  private CheckStream(
      Behind behind, Loops.Loop loop, ServerCallStreamObserver<CheckStreamResponse> caller) {
    this.behind = behind;
    this.loop = loop;
    this.caller = caller;
    this.metrics = behind.metrics().ofThisLoop();
  }

  /** A stream that reads its first requests. */
  static CheckStream open(
      Behind behind, Loops loops, ServerCallStreamObserver<CheckStreamResponse> caller) {
    CheckStream stream = new CheckStream(behind, loops.ofThisThread(), caller);
    caller.disableAutoRequest();
    caller.setOnReadyHandler(stream::readMore);
    caller.setOnCancelHandler(() -> stream.ended = true);
    caller.request(MOST_OPEN);
    return stream;
  }

  @Override
  public void onNext(Parsed<CheckStreamRequest> parsed) {
    if (ended) {
      return;
    }
    CheckStreamRequest said;
    try {
      said = parsed.message();
    } catch (RefusedException e) {
      refuse(e);
      return;
    }
    open++;
    decide(said);
  }

  /** Whose request has no id that can be read cannot be told so but by the end of the stream. */
  private void refuse(RefusedException why) {
    ended = true;
    failed = true;
    StatusRuntimeException status = Statuses.of(why.problem());
    metrics.answeredRpc(METHOD, status.getStatus().getCode().name(), why.problem().code().name());
    caller.onError(status);
  }

  private void decide(CheckStreamRequest said) {
    long id = said.getId();
    long sinceNanos = metrics.nowNanos();
    try {
      CheckRequest request = Requests.check(behind.realm(), said.getCheck());
      NamespaceLimits namespace = behind.limiter().namespace(request.realm(), request.namespace());
      behind
          .limiter()
          .check(
              namespace,
              request,
              loop.buffer(),
              decided -> {
                var decision = decided.decision();
                loop.giveBack(decided);
                metrics.decided(Verb.CHECK, namespace.spec().name(), decision);
                metrics.took(Verb.CHECK, sinceNanos);
                answer(
                    CheckStreamResponse.newBuilder()
                        .setId(id)
                        .setDecision(loop.messages().decision(decision))
                        .build());
              });
    } catch (RuntimeException e) {
      answer(CheckStreamResponse.newBuilder().setId(id).setError(error(e)).build());
    }
  }

  private static Error error(RuntimeException why) {
    Problem problem =
        Statuses.problem(why, "check.")
            .orElseGet(() -> {
              LOG.log(Level.ERROR, "answering a check of a stream", why);
              return Problem.of(ErrorCode.INTERNAL, "the fault is in the server's log");
            });
    Code status = Statuses.code(problem.code());
    Error.Builder error =
        Error.newBuilder()
            .setStatus(status.getNumber())
            .setCode(problem.code().name())
            .setDetail(problem.detail());
    if (!problem.errors().isEmpty()) {
      error
          .setField(problem.errors().getFirst().pointer())
          .setFix(problem.errors().getFirst().fix());
    }
    return error.build();
  }

  private void answer(CheckStreamResponse response) {
    open--;
    answered++;
    if (caller.isCancelled() || failed) {
      return;
    }
    caller.onNext(response);
    readMore();
    endIfDone();
  }

  /** Who does not read his answers is not read from. */
  private void readMore() {
    if (answered >= TOGETHER && caller.isReady() && !ended) {
      int more = answered;
      answered = 0;
      caller.request(more);
    }
  }

  private void endIfDone() {
    if (ended && open == 0 && !failed && !caller.isCancelled()) {
      metrics.answeredRpc(METHOD, "OK", LoopMetrics.NONE);
      caller.onCompleted();
    }
  }

  @Override
  public void onError(Throwable gone) {
    ended = true;
  }

  @Override
  public void onCompleted() {
    ended = true;
    endIfDone();
  }
}
