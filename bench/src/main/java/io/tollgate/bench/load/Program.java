package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A server that can be started. */
interface Program {

  /** What the report calls it. */
  String name();

  /**
   * Writes its configuration, and says how it is started.
   *
   * @param folder its own, which exists
   * @param port where it answers checks on 127.0.0.1
   */
  List<String> command(Path folder, int port) throws IOException;

  /** The processes whose processor time answers checks; the started one has children by now. */
  List<Long> workers(ProcessHandle started);
}
