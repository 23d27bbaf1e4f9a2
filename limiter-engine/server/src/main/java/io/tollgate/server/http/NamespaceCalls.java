package io.tollgate.server.http;

import io.tollgate.server.config.ConfigProblem;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.door.Problem.FieldError;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.limits.Change;
import io.tollgate.server.limits.LimitsInForce;
import io.tollgate.server.limits.NamespaceView;
import io.tollgate.server.log.LogFields;
import java.lang.System.Logger.Level;
import java.nio.CharBuffer;
import java.util.List;
import java.util.function.Supplier;

/** Carries out what administrators do with namespaces. */
final class NamespaceCalls {

  private static final System.Logger LOG = System.getLogger(NamespaceCalls.class.getName());

  private final LimitsInForce limits;
  private final Background background;
  private final AnswerWriter writer;

  NamespaceCalls(Door door, AnswerWriter writer) {
    this.limits = door.parts().limits();
    this.background = door.background();
    this.writer = writer;
  }

  /** Answers a page of all names. */
  void list(Exchange exchange, String query) {
    PageQuery page = PageQuery.of(query);
    List<NamespaceView> rest =
        limits.list().stream()
            .filter(view -> view.name().compareTo(page.after()) > 0)
            .limit(page.limit() + 1L)
            .toList();
    boolean more = rest.size() > page.limit();
    List<NamespaceView> shown = more ? rest.subList(0, page.limit()) : rest;
    StringBuilder json = new StringBuilder("{\"data\":[");
    for (NamespaceView view : shown) {
      json.append(json.length() == 9 ? "" : ",");
      json.append("{\"name\":\"").append(view.name());
      json.append("\",\"read_only\":").append(view.readOnly()).append('}');
    }
    json.append("],\"next_cursor\":");
    if (more) {
      json.append('"').append(PageQuery.cursor(shown.getLast().name())).append('"');
    } else {
      json.append("null");
    }
    writer.object(exchange, 200, json.append('}').toString());
  }

  /** Reads, makes, replaces or removes one. */
  void one(Exchange exchange, String name, CharBuffer body) {
    switch (exchange.method().name()) {
      case "PUT" -> {
        String json = body.toString();
        change(exchange, name, () -> limits.put(name, json));
      }
      case "DELETE" -> change(exchange, name, () -> limits.delete(name));
      default -> show(exchange, name);
    }
  }

  private void show(Exchange exchange, String name) {
    NamespaceView view = limits.find(name).orElseThrow(() -> unknown(name));
    writer.object(exchange, 200, view.json());
  }

  private static RefusedException unknown(String name) {
    return RefusedException.of(
        ErrorCode.NAMESPACE_NOT_FOUND, "there is no namespace '" + name + "'");
  }

  private void change(Exchange exchange, String name, Supplier<Change> change) {
    boolean begun =
        background.run(() -> {
          try {
            Change done = change.get();
            exchange.onLoop(() -> answer(exchange, name, done));
          } catch (RuntimeException e) {
            LOG.log(
                Level.ERROR,
                "changing the namespace " + name,
                LogFields.requestId(exchange.requestId()),
                e);
            exchange.onLoop(() -> refuse(exchange, ErrorCode.INTERNAL, "it is in the log"));
          }
        });
    if (!begun) {
      refuse(exchange, ErrorCode.STORAGE_UNAVAILABLE, "too many changes are under way; try again");
    }
  }

  private void answer(Exchange exchange, String name, Change change) {
    switch (change) {
      case Change.Written(boolean created, NamespaceView view) -> {
        log(exchange, "the API wrote the namespace " + name);
        writer.object(exchange, created ? 201 : 200, view.json());
      }
      case Change.Deleted() -> {
        log(exchange, "the API deleted the namespace " + name);
        writer.object(exchange, 200, "{}");
      }
      case Change.NotFound() -> writer.problem(exchange, unknown(name).problem());
      case Change.ReadOnly(String _, String file) ->
          refuse(
              exchange,
              ErrorCode.NAMESPACE_READ_ONLY,
              "'" + name + "' stands in the limits file " + file + "; change it there");
      case Change.Invalid(List<ConfigProblem> problems, int further) ->
          writer.problem(exchange, invalid(problems, further));
      case Change.Unavailable(String why, String fix) ->
          refuse(exchange, ErrorCode.STORAGE_UNAVAILABLE, why + "; " + fix);
    }
  }

  private static void log(Exchange exchange, String what) {
    LOG.log(Level.INFO, what, LogFields.requestId(exchange.requestId()));
  }

  private static Problem invalid(List<ConfigProblem> problems, int further) {
    List<FieldError> errors =
        problems.stream().map(p -> new FieldError(p.pointer(), p.message(), p.fix())).toList();
    int others = errors.size() - 1 + further;
    String more = others == 0 ? "" : " (and " + others + " more)";
    return Problem.fields(ErrorCode.INVALID_NAMESPACE, errors.getFirst().detail() + more, errors);
  }

  private void refuse(Exchange exchange, ErrorCode code, String detail) {
    writer.problem(exchange, Problem.of(code, detail));
  }
}
