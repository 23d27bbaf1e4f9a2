package io.tollgate.server.config;

import io.tollgate.limiter.catalog.NamespaceSpec.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads by what a gateway's request is known: {@code {identity: [api_key, address]}}. */
final class IdentityReader {

  static final String FIELD = "identity";
  private static final Map<String, Identity> KINDS =
      Map.of(
          "api_key", Identity.API_KEY,
          "authorization", Identity.AUTHORIZATION,
          "address", Identity.ADDRESS);

  private IdentityReader() {}

  /** The kinds in their order; empty when something is wrong with them. */
  static Optional<List<Identity>> read(Value authz) {
    return Fields.of(authz, List.of(FIELD), "{identity: [api_key, address]}")
        .flatMap(fields -> fields.require(FIELD, "identity: [api_key, address]"))
        .flatMap(IdentityReader::kinds);
  }

  private static Optional<List<Identity>> kinds(Value list) {
    Optional<List<Value>> entries = list.items("[api_key, authorization, address]");
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    if (entries.get().isEmpty()) {
      list.invalid("is empty, so nobody would be known", "write at least one, such as address");
      return Optional.empty();
    }
    List<Identity> kinds = new ArrayList<>();
    for (Value entry : entries.get()) {
      entry
          .oneOf(KINDS)
          .ifPresent(kind -> {
            if (kinds.contains(kind)) {
              entry.invalid(entry.shown() + " is written twice", "keep the first");
            } else {
              kinds.add(kind);
            }
          });
    }
    return Optional.of(kinds).filter(read -> !read.isEmpty());
  }
}
