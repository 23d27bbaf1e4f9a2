package io.tollgate.server.tls;

import java.nio.file.Path;
import java.time.Instant;

/** Something about TLS that an operator wants to read in the log. */
public sealed interface TlsEvent {

  /** The event in words. */
  String text();

  /** Whether something is wrong, so that somebody should act. */
  default boolean isWarning() {
    return switch (this) {
      case Reloaded _, Recovered _ -> false;
      case Refused _, OutOfDate _ -> true;
    };
  }

  /** Changed files are in force, for connections from now on. */
  record Reloaded(Path certificate, Instant notAfter) implements TlsEvent {
    @Override
    public String text() {
      return certificate + ": reloaded, valid until " + notAfter;
    }
  }

  /** Changed files cannot be used; what was in force stays. */
  record Refused(String problem) implements TlsEvent {
    @Override
    public String text() {
      return problem + "; the TLS files before it stay in force";
    }
  }

  /** Files that could not be used hold again what has been in force all the time. */
  record Recovered(Path certificate) implements TlsEvent {
    @Override
    public String text() {
      return certificate + ": holds again what is in force";
    }
  }

  /** The server has started with a certificate that callers will refuse. */
  record OutOfDate(String problem) implements TlsEvent {
    @Override
    public String text() {
      return problem + "; callers will refuse it";
    }
  }
}
