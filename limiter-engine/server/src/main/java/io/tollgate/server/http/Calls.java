package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.CrossOwnerException;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.check.NamespaceNotFoundException;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.http.Route.Target;
import io.tollgate.server.log.LogFields;
import java.lang.System.Logger.Level;
import java.nio.CharBuffer;
import java.util.List;

/** Carries out whole requests. */
final class Calls {

  private static final System.Logger LOG = System.getLogger(Calls.class.getName());

  private final Door door;
  private final Loop loop;
  private final AnswerWriter writer;
  private final AuthzCalls gateways;
  private final HoldCalls holds;
  private final StateCalls state;
  private final NamespaceCalls namespaces;
  private final MetricsCall metrics;
  private final Json.Reader<CheckRequest> alone;

  Calls(Door door, Loop loop, AnswerWriter writer) {
    this.door = door;
    this.loop = loop;
    this.writer = writer;
    this.gateways = new AuthzCalls(door);
    this.holds = new HoldCalls(door, writer);
    this.state = new StateCalls(door, writer);
    this.namespaces = new NamespaceCalls(door, writer);
    this.metrics = new MetricsCall(door, writer);
    this.alone = json -> CheckFields.read(json, door.realm(), CheckFields.ALONE);
  }

  /** Answers a request now, or when the store does. */
  void run(Target target, Exchange exchange, ByteBuf body) {
    exchange.account.whole(writer.metrics());
    exchange.calling(Thread.currentThread());
    try {
      dispatch(target.route(), target.argument(), exchange, body);
    } catch (RefusedException e) {
      writer.problem(exchange, e.problem());
    } catch (NamespaceNotFoundException e) {
      writer.problem(exchange, unknown(e, CheckFields.ALONE).problem());
    } catch (CrossOwnerException e) {
      writer.problem(
          exchange,
          Problem.field(
              ErrorCode.CROSS_OWNER,
              "/checks/" + e.check() + "/identifier",
              "differs from that of the first check, and a Redis Cluster keeps identifiers apart",
              "send a call for each identifier, or use each"));
    } catch (InvalidRequestException e) {
      writer.problem(
          exchange, Problem.field(ErrorCode.INVALID_FIELD, "/" + e.field(), e.detail(), e.fix()));
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR,
          "answering a call of " + target.route().path(),
          LogFields.requestId(exchange.requestId()),
          e);
      if (!exchange.answered()) {
        writer.problem(
            exchange, Problem.of(ErrorCode.INTERNAL, "the fault is logged under the request id"));
      }
    } finally {
      exchange.calling(null);
    }
  }

  private void dispatch(Route route, String argument, Exchange exchange, ByteBuf body) {
    switch (route) {
      case CHECK -> check(exchange, loop.decode(body));
      case BATCH -> batch(exchange, loop.decode(body));
      case AUTHZ -> gateways.check(exchange, argument);
      case EXPLAIN -> explain(exchange, loop.decode(body));
      case RESERVE -> holds.reserve(exchange, loop.decode(body));
      case COMMIT -> holds.commit(exchange, argument, loop.decode(body));
      case CANCEL -> holds.cancel(exchange, argument, loop.decode(body));
      case ACQUIRE -> holds.acquire(exchange, loop.decode(body));
      case RENEW -> holds.renew(exchange, argument, loop.decode(body));
      case RELEASE -> holds.release(exchange, argument, loop.decode(body));
      case REFUND -> state.refund(exchange, loop.decode(body));
      case RESET -> state.reset(exchange, loop.decode(body));
      case NAMESPACES -> namespaces.list(exchange, argument);
      case NAMESPACE -> namespaces.one(exchange, argument, loop.decode(body));
      case METRICS -> metrics.answer(exchange);
      case LIVE, STARTED -> writer.healthy(exchange);
      case HEALTH, READY -> ready(exchange);
      case OPENAPI -> writer.document(exchange, OpenApi.document());
    }
  }

  private void check(Exchange exchange, CharBuffer body) {
    CheckRequest request = Json.object(body, alone);
    var namespace = door.limiter().namespace(request.realm(), request.namespace());
    exchange.decidedBy(namespace.spec());
    door.limiter().check(namespace, request, exchange.buffer, exchange);
  }

  private void batch(Exchange exchange, CharBuffer body) {
    BatchFields batch = Json.object(body, json -> BatchFields.read(json, door.realm()));
    try {
      List<String> names = batch.checks().stream().map(this::configuredName).toList();
      door.limiter()
          .checkMany(
              batch.checks(),
              batch.mode(),
              d -> exchange.onLoop(() -> writer.batch(exchange, d, names)));
    } catch (NamespaceNotFoundException e) {
      throw unknown(e, firstOf(e.namespace(), batch.checks()));
    }
  }

  private String configuredName(CheckRequest check) {
    return door.limiter().namespace(check.realm(), check.namespace()).spec().name();
  }

  private void explain(Exchange exchange, CharBuffer body) {
    CheckRequest request = Json.object(body, alone);
    door.limiter().explain(request, e -> exchange.onLoop(() -> writer.explanation(exchange, e)));
  }

  private static int firstOf(String namespace, List<CheckRequest> checks) {
    int index = 0;
    while (!checks.get(index).namespace().equals(namespace)) {
      index++;
    }
    return index;
  }

  private static RefusedException unknown(NamespaceNotFoundException e, int index) {
    return RefusedException.field(
        ErrorCode.NAMESPACE_NOT_FOUND,
        CheckFields.pointer(index, "namespace"),
        "'" + e.namespace() + "' does not exist, and no '*' answers for it",
        "use a configured namespace");
  }

  private void ready(Exchange exchange) {
    writer.health(exchange, door.parts().readiness().get());
  }
}
