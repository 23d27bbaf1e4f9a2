package io.tollgate.server.limits;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.config.NamespaceJson;

/**
 * A namespace in force, as the API shows it.
 *
 * @param readOnly whether it is of the limits file, so that the API cannot change it
 * @param spec what is in force
 */
public record NamespaceView(String name, boolean readOnly, NamespaceSpec spec) {

  /**
   * Its object in canonical form, on one line; made at each call, which takes milliseconds where
   * there are thousands of overrides.
   */
  public String json() {
    return NamespaceJson.write(spec);
  }
}
