package io.tollgate.server.doors;

import io.tollgate.server.openapi.Tree;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an answer over HTTP says to whoever reads its headers, and of a denial its numbers.
 *
 * @param headers the values of the headers about limits, in a fixed order
 * @param denial the numbers of the body; empty when it was allowed
 */
record Heads(boolean allowed, List<String> headers, List<String> denial) {

  private static final List<String> NAMES =
      List.of("RateLimit", "RateLimit-Policy", "Retry-After", "X-RateLimit-Remaining");

  static Heads of(boolean allowed, HttpHeaders headers, Tree body, @Nullable Object limit) {
    return new Heads(
        allowed,
        NAMES.stream().map(name -> name + ": " + headers.allValues(name)).toList(),
        allowed
            ? List.of()
            : Stream.concat(
                    Stream.of(String.valueOf(limit)),
                    Stream.of("remaining", "reset_at", "retry_after_ms")
                        .map(name -> String.valueOf(body.at(name).value())))
                .toList());
  }
}
