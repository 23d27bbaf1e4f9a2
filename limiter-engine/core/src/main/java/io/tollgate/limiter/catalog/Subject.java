package io.tollgate.limiter.catalog;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a catalog must know of a check to pick its limits. */
public interface Subject {

  /** What is limited; the name that was asked for, also when {@code *} answers. */
  String namespace();

  /** Who is limited. */
  String identifier();

  /** Whose state changes in one step. */
  String owner();

  /** Units that the check consumes. */
  long cost();

  /** Method and path, such as {@code POST /orders}; null when the caller did not say. */
  @Nullable String endpoint();

  /** What else the caller said of the check. */
  Map<String, String> attributes();
}
