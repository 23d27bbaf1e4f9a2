package io.tollgate.server.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.check.BatchDecision;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.v1.CheckManyRequest;
import io.tollgate.limiter.v1.CheckManyResponse;
import io.tollgate.limiter.v1.CheckStreamRequest;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.Decision;
import io.tollgate.limiter.v1.Explanation;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.metrics.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The checks of {@code tollgate.limiter.v1.LimiterService}; what is held is with the others. */
final class LimiterCalls {

  private final Behind behind;
  private final Loops loops;

  private LimiterCalls(Behind behind) {
    this.behind = behind;
    this.loops = new Loops(behind.clock());
  }

  /** The service, for a server. */
  static ServerServiceDefinition service(Behind behind) {
    LimiterCalls checks = new LimiterCalls(behind);
    HoldCalls holds = new HoldCalls(behind, checks.loops);
    StateCalls state = new StateCalls(behind, checks.loops);
    List<ServerMethodDefinition<?, ?>> methods =
        List.of(
            checks.unary(LimiterMethods.CHECK, Verb.CHECK, checks::check),
            checks.unary(LimiterMethods.CHECK_MANY, Verb.BATCH, checks::checkMany),
            checks.stream(),
            checks.unary(LimiterMethods.EXPLAIN, null, checks::explain),
            checks.unary(LimiterMethods.RESERVE, Verb.RESERVE, holds::reserve),
            checks.unary(LimiterMethods.COMMIT, null, holds::commit),
            checks.unary(LimiterMethods.CANCEL, null, holds::cancel),
            checks.unary(LimiterMethods.ACQUIRE, Verb.LEASE, holds::acquire),
            checks.unary(LimiterMethods.RENEW, null, holds::renew),
            checks.unary(LimiterMethods.RELEASE, null, holds::release),
            checks.unary(LimiterMethods.REFUND, null, state::refund),
            checks.unary(LimiterMethods.RESET, null, state::reset));
    return Service.of(LimiterMethods.SERVICE, LimiterMethods.file(), methods);
  }

  private ServerMethodDefinition<Parsed<CheckStreamRequest>, CheckStreamResponse> stream() {
    return ServerMethodDefinition.create(
        Parsed.by(LimiterMethods.CHECK_STREAM),
        ServerCalls.asyncBidiStreamingCall(caller ->
            CheckStream.open(
                behind, loops, (ServerCallStreamObserver<CheckStreamResponse>) caller)));
  }

  private <Q, A> ServerMethodDefinition<Parsed<Q>, A> unary(
      MethodDescriptor<Q, A> method, @Nullable Verb verb, BiConsumer<Q, Reply<A>> body) {
    return Service.unary(method, verb, behind.metrics(), body);
  }

  private void check(io.tollgate.limiter.v1.CheckRequest said, Reply<Decision> reply) {
    Limiter limiter = behind.limiter();
    CheckRequest request = Requests.check(behind.realm(), said);
    NamespaceLimits namespace = limiter.namespace(request.realm(), request.namespace());
    Loops.Loop loop = loops.ofThisThread();
    CheckBuffer buffer = loop.buffer();
    limiter.check(
        namespace,
        request,
        buffer,
        decided -> {
          io.tollgate.limiter.decision.Decision decision = decided.decision();
          loop.giveBack(decided);
          reply.metrics().decided(Verb.CHECK, namespace.spec().name(), decision);
          reply.give(loop.messages().decision(decision));
        });
  }

  private void checkMany(CheckManyRequest said, Reply<CheckManyResponse> reply) {
    BatchDecision.Mode mode =
        switch (said.getMode()) {
          case MODE_UNSPECIFIED, EACH -> BatchDecision.Mode.EACH;
          case ALL -> BatchDecision.Mode.ALL;
          case UNRECOGNIZED ->
              throw RefusedException.field(
                  ErrorCode.INVALID_FIELD, "mode", "is unknown here", "send EACH or ALL");
        };
    if (said.getChecksCount() > Limiter.MAX_BATCH) {
      throw RefusedException.field(
          ErrorCode.BATCH_TOO_LARGE,
          "checks",
          "has " + said.getChecksCount() + " entries",
          "send at most " + Limiter.MAX_BATCH + " checks in a call");
    }
    List<CheckRequest> checks = new ArrayList<>(said.getChecksCount());
    List<String> names = new ArrayList<>(said.getChecksCount());
    for (int i = 0; i < said.getChecksCount(); i++) {
      CheckRequest check = entry(said.getChecks(i), i);
      checks.add(check);
      names.add(namespaceOf(check, i));
    }
    Loops.Loop loop = loops.ofThisThread();
    behind.limiter().checkMany(checks, mode, batch -> answer(batch, names, loop, reply));
  }

  private CheckRequest entry(io.tollgate.limiter.v1.CheckRequest said, int index) {
    try {
      return Requests.check(behind.realm(), said);
    } catch (InvalidRequestException | RefusedException e) {
      throw inEntry(e, index);
    }
  }

  private String namespaceOf(CheckRequest check, int index) {
    try {
      return behind.limiter().namespace(check.realm(), check.namespace()).spec().name();
    } catch (RuntimeException e) {
      throw inEntry(e, index);
    }
  }

  /** The same problem with its entry's place. */
  private static RuntimeException inEntry(RuntimeException why, int index) {
    String place = "checks[" + index + "].";
    Optional<Problem> problem = Statuses.problem(why, why instanceof RefusedException ? "" : place);
    if (problem.isEmpty()) {
      return why;
    }
    Problem of = problem.get();
    if (!(why instanceof RefusedException) || of.errors().isEmpty()) {
      return new RefusedException(of);
    }
    Problem.FieldError first = of.errors().getFirst();
    return RefusedException.field(of.code(), place + first.pointer(), first.detail(), first.fix());
  }

  private static void answer(
      BatchDecision batch, List<String> names, Loops.Loop loop, Reply<CheckManyResponse> reply) {
    CheckManyResponse.Builder out = CheckManyResponse.newBuilder().setAllowed(batch.allowed());
    for (int i = 0; i < batch.decisions().size(); i++) {
      reply.metrics().decided(Verb.BATCH, names.get(i), batch.decisions().get(i));
      out.addResults(loop.messages().decision(batch.decisions().get(i)));
    }
    reply.give(out.build());
  }

  private void explain(io.tollgate.limiter.v1.CheckRequest said, Reply<Explanation> reply) {
    Loops.Loop loop = loops.ofThisThread();
    behind
        .limiter()
        .explain(
            Requests.check(behind.realm(), said),
            explanation -> reply.give(loop.messages().explanation(explanation)));
  }
}
