package io.tollgate.server.doors;

import io.tollgate.server.doors.Step.Asked;
import java.util.Optional;

/** One way to ask a server; a door is opened for a server of its own. */
interface Door extends AutoCloseable {

  /** What opens it. */
  interface Opening {
    Door open(OneServer server);
  }

  /** Asks and waits; empty when the namespace is unknown. */
  Optional<Told> ask(Asked asked) throws Exception;

  @Override
  void close();
}
