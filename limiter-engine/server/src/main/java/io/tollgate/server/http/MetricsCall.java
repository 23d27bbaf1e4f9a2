package io.tollgate.server.http;

import io.tollgate.server.door.Bytes;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.log.LogFields;
import io.tollgate.server.metrics.Metrics;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.concurrent.RejectedExecutionException;

/** Answers scrapes: a few at once, on threads of their own. */
final class MetricsCall {

  private static final System.Logger LOG = System.getLogger(MetricsCall.class.getName());

  private final Metrics metrics;
  private final Background scrapes;
  private final AnswerWriter writer;

  MetricsCall(Door door, AnswerWriter writer) {
    this.metrics = door.metrics();
    this.scrapes = door.scrapes();
    this.writer = writer;
  }

  void answer(Exchange exchange) {
    String accept = exchange.accept();
    String id = exchange.requestId();
    if (!scrapes.run(() -> scrape(exchange, accept, id))) {
      throw RefusedException.of(
          ErrorCode.TOO_MANY_SCRAPES,
          "as many as may be at once are under way; try again in a second");
    }
  }

  private void scrape(Exchange exchange, String accept, String id) {
    try {
      exchange.onLoop(written(exchange, accept, id));
    } catch (RejectedExecutionException e) {
      LOG.log(
          Level.DEBUG, "a scrape was ready when its loop had ended", LogFields.requestId(id), e);
    }
  }

  private Runnable written(Exchange exchange, String accept, String id) {
    try {
      Bytes text = new Bytes();
      String type = metrics.scrape(accept, text);
      return () -> writer.text(exchange, type, text);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.ERROR, "putting metrics together", LogFields.requestId(id), e);
      Problem fault = Problem.of(ErrorCode.INTERNAL, "the fault is logged under the request id");
      return () -> writer.problem(exchange, fault);
    }
  }
}
