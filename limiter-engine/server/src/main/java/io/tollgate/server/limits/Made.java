package io.tollgate.server.limits;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.config.NamespaceJson;

/**
 * A namespace made through the API.
 *
 * @param json its canonical form, kept because every change writes all of them
 */
record Made(NamespaceSpec spec, String json) {

  /**
   * Reads a namespace.
   *
   * @throws ConfigException with everything that is wrong
   */
  static Made parse(String name, String json) {
    NamespaceSpec spec = NamespaceJson.parse(name, json);
    return new Made(spec, NamespaceJson.write(spec));
  }
}
