package io.tollgate.limiter.check;

import java.io.Serial;

/** Thrown before anything is charged when no namespace answers to a name. */
public final class NamespaceNotFoundException extends IllegalArgumentException {

  @Serial private static final long serialVersionUID = 1L;

  private final String namespace;

  /** No namespace of that name, and none for all others. */
  public NamespaceNotFoundException(String namespace) {
    super("namespace '" + namespace + "' does not exist");
    this.namespace = namespace;
  }

  /** The name that was asked for. */
  public String namespace() {
    return namespace;
  }

  /** A caller's mistake needs no stack trace, and must not cost one. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
