package io.tollgate.server.limits;

import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;

/**
 * The API's namespaces as they are kept. For use by one thread at a time, but for {@link #close}.
 */
interface ApiNamespaces {

  /** What this server may do with what is kept. */
  sealed interface Hold {

    /** What it knows is what is there. */
    record Known() implements Hold {}

    /** It may write from now on, and this is what is there. */
    record Found(SortedMap<String, Made> namespaces) implements Hold {}

    /** It may not write. */
    record No(Change.Unavailable why) implements Hold {}
  }

  /**
   * What is kept, at the start.
   *
   * @throws IOException when it cannot be read; says what to do
   */
  SortedMap<String, Made> open(Consumer<LimitsEvent> events) throws IOException;

  /** Whether anything may be kept. */
  boolean isUsed();

  /**
   * Makes ready for a write.
   *
   * @param inForce what this server goes by
   */
  Hold hold(SortedMap<String, Made> inForce);

  /**
   * Keeps these and no others.
   *
   * @param bytes how {@link NamespacesFile} writes them
   * @param changed the name of the one that is new, other than before, or gone
   * @return why not; empty when they are kept
   */
  Optional<Change> write(SortedMap<String, Made> next, byte[] bytes, String changed);

  /**
   * What others have changed; empty when nothing.
   *
   * @param inForce what this server goes by
   */
  Optional<SortedMap<String, Made>> poll(SortedMap<String, Made> inForce);

  /** Ends it. */
  void close();
}
