package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.HttpMethod;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.http.Route.Access;
import io.tollgate.server.openapi.ApiDocument;
import io.tollgate.server.openapi.Operation;
import io.tollgate.server.openapi.Tree;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What the document says of calls and codes is what the server has. */
class OpenApiDriftTest {

  private static final ApiDocument DOCUMENT = ApiDocument.get();
  private static final List<HttpMethod> METHODS =
      List.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE);

  private static Map<String, Route> calls() {
    Map<String, Route> calls = new HashMap<>();
    for (Route route : Route.values()) {
      METHODS.stream()
          // Where the method means nothing, one of them is described for all.
          .filter(m -> route.takesAnyMethod() ? m.equals(HttpMethod.GET) : route.permits(m))
          .forEach(method -> calls.put(method.name() + " " + route.path(), route));
    }
    return calls;
  }

  @Test
  void everyCallIsAnOperationAndEveryOperationACall() {
    Set<String> described = new TreeSet<>();
    DOCUMENT.operations().forEach(operation -> described.add(operation.name()));
    assertEquals(new TreeSet<>(calls().keySet()), described);
  }

  @Test
  void everyOperationNeedsTheTokenOfItsCall() {
    for (Operation operation : DOCUMENT.operations()) {
      Access access = route(operation).access();
      assertEquals(schemes(access), operation.security(), operation.name());
    }
  }

  private static Route route(Operation operation) {
    Route route = calls().get(operation.name());
    if (route == null) {
      throw new AssertionError("the server has no " + operation.name());
    }
    return route;
  }

  private static List<String> schemes(Access access) {
    return switch (access) {
      case CHECK -> List.of("checkToken");
      case GATEWAY -> List.of("gatewayToken");
      case ADMIN -> List.of("adminToken");
      case OPEN, HEALTH -> List.of();
    };
  }

  @Test
  void everyBoundOfABodyIsSaid() {
    for (Operation operation : DOCUMENT.operations()) {
      Route route = route(operation);
      if (operation.hasBody()) {
        String text = operation.node().at("requestBody", "description").text();
        String bound =
            switch (route.bodyLimit()) {
              case Route.HOT_BODY -> "64 KiB";
              case Route.ADMIN_BODY -> "256 KiB";
              case Route.BATCH_BODY -> "1 MiB";
              default -> "another bound";
            };
        assertTrue(text.contains(bound), operation.name() + ": " + text);
        String tooLarge = operation.response(413).at("description").text();
        assertTrue(tooLarge.contains(bound), operation.name() + ": " + tooLarge);
      }
    }
  }

  @Test
  void theCodesAreThoseOfTheServer() {
    assertEquals(
        Arrays.stream(ErrorCode.values()).map(Enum::name).toList(),
        DOCUMENT.schema("ErrorCode").at("enum").texts());
    assertEquals(
        Arrays.stream(DecisionCode.values()).map(Enum::name).toList(),
        DOCUMENT.schema("DecisionCode").at("enum").texts());
  }

  @Test
  void everyRefusalHasTheStatusOfItsCodes() {
    for (Operation operation : DOCUMENT.operations()) {
      operation
          .responses()
          .forEach((status, response) -> {
            for (Tree content : response.fields("content").values()) {
              for (String code : codes(content.at("schema"))) {
                String own = String.valueOf(status(code));
                String where = operation.name() + " with " + code;
                assertTrue(status.equals("default") || status.equals(own), where);
              }
            }
          });
    }
  }

  /** The codes to which a schema of a problem is narrowed. */
  private static List<String> codes(Tree schema) {
    Tree code = DOCUMENT.follow(schema).fields("properties").get("code");
    return code == null || !code.has("enum") ? List.of() : code.at("enum").texts();
  }

  private static int status(String code) {
    for (DecisionCode decision : DecisionCode.values()) {
      if (decision.name().equals(code)) {
        return DenialWriter.status(decision);
      }
    }
    return ErrorCode.valueOf(code).status();
  }

  @Test
  void everyDenialWithAStatusIsDescribed() {
    Set<DecisionCode> described = EnumSet.of(DecisionCode.ALLOWED);
    for (String schema : List.of("QuotaExceededProblem", "UndecidedProblem")) {
      codes(DOCUMENT.schema(schema)).forEach(code -> described.add(DecisionCode.valueOf(code)));
    }
    assertEquals(EnumSet.allOf(DecisionCode.class), described);
  }

  @Test
  void everyErrorIsAnAnswerOfSomeOperation() {
    Set<String> described = new TreeSet<>();
    for (Operation operation : DOCUMENT.operations()) {
      for (Tree response : operation.responses().values()) {
        response.fields("content").values().forEach(c -> described.addAll(codes(c.at("schema"))));
      }
    }
    for (ErrorCode code : ErrorCode.values()) {
      assertTrue(described.contains(code.name()), code + " is in no answer");
    }
  }

  /** What a call can be refused for by its kind, before it is looked at. */
  @Test
  void everyOperationSaysWhatItsKindIsRefusedFor() {
    for (Operation operation : DOCUMENT.operations()) {
      Route route = route(operation);
      if (operation.method().equals("HEAD")) {
        continue;
      }
      Set<String> said = operation.responses().keySet();
      Set<String> wanted = new TreeSet<>(Set.of("default"));
      switch (route.access()) {
        case CHECK, GATEWAY, ADMIN -> wanted.addAll(Set.of("401", "403"));
        case OPEN -> wanted.add("403");
        case HEALTH -> {}
      }
      if (operation.hasBody()) {
        wanted.addAll(Set.of("400", "413", "415"));
      }
      assertTrue(said.containsAll(wanted), operation.name() + " says " + said);
    }
  }
}
