package io.tollgate.server.log;

import java.util.logging.LogManager;

/**
 * The JDK's log manager, but for one thing: it does not take the handlers away when the JVM begins
 * to end. What a server says while it finishes what is under way would be lost.
 *
 * <p>Public, with a public constructor, because the JDK makes it by its name.
 */
public final class LastingLogManager extends LogManager {

  private volatile boolean lasting;

  /** For the JDK only. */
  public LastingLogManager() {}

  /** Ignores what the JDK's shutdown asks for, from now on. */
  void last() {
    lasting = true;
  }

  @Override
  public void reset() {
    if (!lasting) {
      super.reset();
    }
  }
}
