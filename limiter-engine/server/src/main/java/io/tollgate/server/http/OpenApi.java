package io.tollgate.server.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The description of this API by OpenAPI 3.1, as it was built into the server. */
final class OpenApi {

  private static final String RESOURCE = "/io/tollgate/server/openapi.yaml";

  private OpenApi() {}

  /** Read when somebody first asks, once: most servers are never asked. */
  private static final class Document {

    private static final byte[] BYTES = read();
  }

  /** The document, in YAML and UTF-8, some 120 KB; not to be changed. */
  static byte[] document() {
    return Document.BYTES;
  }

  private static byte[] read() {
    try (@Nullable InputStream in = OpenApi.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + RESOURCE, e);
    }
  }
}
