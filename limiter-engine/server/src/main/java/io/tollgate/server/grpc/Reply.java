package io.tollgate.server.grpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.metrics.LoopMetrics;
import io.tollgate.server.metrics.Verb;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one call: it is given once, on the call's event loop.
 *
 * @param <A> the message
 */
final class Reply<A> {

  private static final System.Logger LOG = System.getLogger(Reply.class.getName());

  private final String method;
  private final StreamObserver<A> caller;
  private final LoopMetrics metrics;
  private final @Nullable Verb verb;
  private final long sinceNanos;
  private boolean given;

  /**
   * A call that waits for its answer from now on.
   *
   * @param verb whose durations its own is among; null: of none
   */
  Reply(String method, @Nullable Verb verb, StreamObserver<A> caller, LoopMetrics metrics) {
    this.method = method;
    this.verb = verb;
    this.caller = caller;
    this.metrics = metrics;
    this.sinceNanos = verb == null ? 0 : metrics.nowNanos();
  }

  /** Where decisions are counted. */
  LoopMetrics metrics() {
    return metrics;
  }

  void give(A answer) {
    given = true;
    metrics.answeredRpc(method, Status.Code.OK.name(), LoopMetrics.NONE);
    if (verb != null) {
      metrics.took(verb, sinceNanos);
    }
    caller.onNext(answer);
    caller.onCompleted();
  }

  void refuse(ErrorCode code, String detail) {
    refuse(Problem.of(code, detail));
  }

  void refuse(Problem problem) {
    if (given) {
      return;
    }
    given = true;
    StatusRuntimeException status = Statuses.of(problem);
    metrics.answeredRpc(method, status.getStatus().getCode().name(), problem.code().name());
    caller.onError(status);
  }

  /**
   * Answers for an exception: what the call is to blame for is said, all else is a fault of ours.
   */
  void fail(RuntimeException why) {
    refuse(
        Statuses.problem(why, "")
            .orElseGet(() -> {
              LOG.log(Level.ERROR, "answering a call of " + method, why);
              return Problem.of(ErrorCode.INTERNAL, "the fault is in the server's log");
            }));
  }
}
