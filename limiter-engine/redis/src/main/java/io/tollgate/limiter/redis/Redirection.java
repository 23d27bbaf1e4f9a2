package io.tollgate.limiter.redis;

import io.tollgate.limiter.redis.RedisAddress.Server;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server of a Cluster says instead of carrying a call out: nothing of it was executed.
 * Source: Redis Cluster specification, redirection and resharding.
 */
sealed interface Redirection {

  /** The slot has another server, for good. */
  record Moved(int slot, Server server) implements Redirection {}

  /** The slot is moving, and these keys are at its new server already, or nowhere yet. */
  record Ask(Server server) implements Redirection {}

  /** The slot is moving, and some of these keys have. */
  record TryAgain() implements Redirection {}

  /** The Cluster, or the slot, is served by nobody at the moment. */
  record Down() implements Redirection {}

  /** The words begin every error of these kinds. */
  Pattern WORDS =
      Pattern.compile("(?:MOVED|ASK) (\\d{1,5}) (\\S*):(\\d{1,5})|(?:TRYAGAIN|CLUSTERDOWN)\\b.*");

  /** Whether an error is one: it says nothing against the server. */
  static boolean is(Throwable error) {
    return of(error).isPresent();
  }

  /** What an error says; a host that is not named is the one that was asked. */
  static Optional<Redirection> of(Throwable error) {
    String words = error.getMessage();
    return words == null ? Optional.empty() : in(words);
  }

  /** As {@link #of}, by the words of the error. */
  static Optional<Redirection> in(String words) {
    Matcher parts = WORDS.matcher(words);
    if (!parts.matches()) {
      return Optional.empty();
    } else if (words.startsWith("TRYAGAIN")) {
      return Optional.of(new TryAgain());
    } else if (words.startsWith("CLUSTERDOWN")) {
      return Optional.of(new Down());
    }
    int slot = Integer.parseInt(parts.group(1));
    Server server = new Server(parts.group(2), Integer.parseInt(parts.group(3)));
    if (slot >= Slots.COUNT || server.port() > 65_535) {
      return Optional.empty();
    }
    return Optional.of(words.startsWith("MOVED") ? new Moved(slot, server) : new Ask(server));
  }
}
