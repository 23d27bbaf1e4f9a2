package io.tollgate.server.resp;

import java.io.Serial;

/** Thrown when bytes are no commands; nothing that follows them can be read. */
final class ProtocolException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /** What is wrong, in the words of Redis where it has some. */
  ProtocolException(String message) {
    super(message, null, false, false);
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
