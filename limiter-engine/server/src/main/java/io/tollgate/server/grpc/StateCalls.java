package io.tollgate.server.grpc;

import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.v1.Decision;
import io.tollgate.limiter.v1.ResetRequest;
import io.tollgate.limiter.v1.ResetResponse;
import io.tollgate.server.door.ErrorCode;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** What an administrator does to counted state. */
final class StateCalls {

  private static final System.Logger LOG = System.getLogger(StateCalls.class.getName());

  private final Behind behind;
  private final Loops loops;

  StateCalls(Behind behind, Loops loops) {
    this.behind = behind;
    this.loops = loops;
  }

  void refund(io.tollgate.limiter.v1.CheckRequest said, Reply<Decision> reply) {
    CheckRequest request =
        Requests.withoutKey(
            Requests.check(behind.realm(), said), "a repeated refund gives back again");
    Loops.Loop loop = loops.ofThisThread();
    String what = "refunded " + request.cost() + " in " + request.namespace();
    behind
        .limiter()
        .refund(
            request,
            state -> answer(state, what, reply, s -> reply.give(loop.messages().decision(s))));
  }

  void reset(ResetRequest said, Reply<ResetResponse> reply) {
    CheckRequest request =
        Requests.check(
            behind.realm(),
            io.tollgate.limiter.v1.CheckRequest.newBuilder()
                .setIdentifier(said.getIdentifier())
                .setNamespace(said.getNamespace())
                .setEndpoint(said.getEndpoint())
                .putAllAttributes(said.getAttributesMap())
                .build());
    String what = "reset an identifier of " + request.namespace();
    behind
        .limiter()
        .reset(
            request,
            said.getLeases(),
            state ->
                answer(state, what, reply, _ -> reply.give(ResetResponse.getDefaultInstance())));
  }

  private static void answer(
      io.tollgate.limiter.decision.Decision state,
      String what,
      Reply<?> reply,
      Consumer<io.tollgate.limiter.decision.Decision> give) {
    if (state.code() == DecisionCode.STORE_UNAVAILABLE) {
      reply.refuse(
          ErrorCode.STORE_UNAVAILABLE,
          "it may have been done or not: look at the counter when the store is back");
      return;
    }
    give.accept(state);
    // Never with the identifier, which may be somebody's address.
    LOG.log(Level.INFO, what);
  }
}
