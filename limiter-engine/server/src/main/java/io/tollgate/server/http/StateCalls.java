package io.tollgate.server.http;

import com.fasterxml.jackson.core.JsonParser;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.log.LogFields;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.CharBuffer;
import java.util.function.BiConsumer;

/** Carries out what an administrator does to counted state: refund and reset. */
final class StateCalls {

  private static final System.Logger LOG = System.getLogger(StateCalls.class.getName());

  private final Door door;
  private final AnswerWriter writer;
  private final Json.Reader<CheckRequest> refund;
  private final Json.Reader<ResetFields> reset;

  /**
   * What is to be forgotten.
   *
   * @param leases whether its leases end too
   */
  private record ResetFields(CheckRequest of, boolean leases) {}

  StateCalls(Door door, AnswerWriter writer) {
    this.door = door;
    this.writer = writer;
    this.refund = this::readRefund;
    this.reset = this::readReset;
  }

  private CheckRequest readRefund(JsonParser json) throws IOException {
    CheckRequest request =
        CheckFields.read(json, door.realm(), CheckFields.ALONE, StateCalls::unknown);
    CheckFields.requireNoKey(request, "a repeated refund gives back again");
    return request;
  }

  private ResetFields readReset(JsonParser json) throws IOException {
    boolean[] leases = {false};
    CheckRequest of =
        CheckFields.read(
            json,
            door.realm(),
            CheckFields.ALONE,
            (parser, name) -> {
              if (!name.equals("leases")) {
                return unknown(parser, name);
              }
              leases[0] = Json.flag(parser);
              return true;
            });
    return new ResetFields(of, leases[0]);
  }

  /** What is misspelt here would change something else than was meant. */
  private static boolean unknown(JsonParser json, String name) {
    throw Json.wrong(
        json, "is not a field of this call", "remove it; the documentation lists the fields");
  }

  void refund(Exchange exchange, CharBuffer body) {
    CheckRequest request = Json.object(body, refund);
    var namespace = door.limiter().namespace(request.realm(), request.namespace());
    exchange.decidedBy(namespace.spec());
    String what = "refunded " + request.cost() + " in " + request.namespace();
    door.limiter()
        .refund(request, d -> exchange.onLoop(() -> answer(exchange, d, what, writer::state)));
  }

  void reset(Exchange exchange, CharBuffer body) {
    ResetFields asked = Json.object(body, reset);
    String what = "reset an identifier of " + asked.of().namespace();
    door.limiter()
        .reset(
            asked.of(),
            asked.leases(),
            d ->
                exchange.onLoop(
                    () -> answer(exchange, d, what, (e, _) -> writer.object(e, 200, "{}"))));
  }

  private void answer(
      Exchange exchange, Decision state, String what, BiConsumer<Exchange, Decision> write) {
    if (state.code() == DecisionCode.STORE_UNAVAILABLE) {
      writer.problem(
          exchange,
          Problem.of(
              ErrorCode.STORE_UNAVAILABLE,
              "it may have been done or not: look at the counter when the store is back"));
      return;
    }
    write.accept(exchange, state);
    log(exchange, what);
  }

  /** Never with the identifier, which may be somebody's address. */
  private static void log(Exchange exchange, String what) {
    LOG.log(Level.INFO, what, LogFields.requestId(exchange.requestId()));
  }
}
