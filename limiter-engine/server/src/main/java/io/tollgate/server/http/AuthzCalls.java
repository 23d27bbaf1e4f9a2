package io.tollgate.server.http;

import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.catalog.NamespaceLimits;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.check.CheckRequest;
import io.tollgate.limiter.check.InvalidRequestException;
import io.tollgate.limiter.check.NamespaceNotFoundException;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.RefusedException;
import io.tollgate.server.http.AuthzHead.Name;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides for gateways, which ask about a request by its head. */
final class AuthzCalls {

  private static final Pattern COST = Pattern.compile("[0-9]{1,16}");

  private final Door door;

  AuthzCalls(Door door) {
    this.door = door;
  }

  void check(Exchange exchange, String query) {
    AuthzHead head = exchange.gatewayHead();
    String name = AuthzQuery.of(query).namespace();
    NamespaceLimits namespace = namespace(name);
    NamespaceSpec spec = namespace.spec();
    String identifier = AuthzIdentity.of(spec.identity(), head, door.proxies());
    String endpoint =
        spec.endpoints().isEmpty() ? "" : AuthzEndpoint.of(head, exchange.method().name());
    CheckRequest request = request(name, identifier, head, endpoint.isEmpty() ? null : endpoint);
    exchange.decidedBy(spec);
    door.limiter().check(namespace, request, exchange.buffer, exchange);
  }

  private NamespaceLimits namespace(String name) {
    try {
      return door.limiter().namespace(door.realm(), name);
    } catch (NamespaceNotFoundException e) {
      throw RefusedException.field(
          ErrorCode.NAMESPACE_NOT_FOUND,
          "?namespace",
          "'" + name + "' does not exist, and no '*' answers for it",
          "use a configured namespace");
    }
  }

  private CheckRequest request(
      String namespace, String identifier, AuthzHead head, @Nullable String endpoint) {
    try {
      return new CheckRequest(
          door.realm(), identifier, namespace, identifier, cost(head), endpoint, Map.of(), null);
    } catch (InvalidRequestException e) {
      throw AuthzHead.refused(AuthzEndpoint.source(head), e.detail(), e.fix());
    }
  }

  /** Who is no trusted proxy may be a client, and would like everything to cost nothing. */
  private long cost(AuthzHead head) {
    String said = head.value(Name.COST);
    if (said.isEmpty() || !door.proxies().trusts(head.socket())) {
      return 1;
    }
    long cost = COST.matcher(said).matches() ? Long.parseLong(said) : Long.MAX_VALUE;
    if (cost > Exact.MAX) {
      throw AuthzHead.refused(
          Name.COST, "is no cost", "send a whole number from 0 to " + Exact.MAX);
    }
    return cost;
  }
}
