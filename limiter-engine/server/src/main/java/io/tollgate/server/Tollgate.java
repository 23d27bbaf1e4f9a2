package io.tollgate.server;

import io.tollgate.server.log.Logs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The program. */
public final class Tollgate {

  private Tollgate() {}

  /**
   * Runs a command.
   *
   * <p>Exit codes: 0 done; 1 a fault, such as a port that is taken; 2 something that somebody wrote
   * is wrong: arguments, settings, the limits file.
   */
  public static void main(String[] args) throws InterruptedException {
    Logs.lastThroughShutdown();
    // Whatever the machine's locale: the messages and the listening line are UTF-8.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.exit(run(System.getenv(), out, err, args));
  }

  /**
   * Runs a command, and says how it ended; {@code serve} does not return when a signal ends it.
   *
   * <p>A server that variables alone set, as in a container, is started without the library that
   * reads arguments: loading that takes longer than all the rest of a start.
   */
  static int run(
      Map<String, String> environment, PrintStream out, PrintStream err, String... arguments)
      throws InterruptedException {
    return arguments.length == 1 && arguments[0].equals("serve")
        ? Serving.run(Map.of(), environment, out, err)
        : Commands.run(environment, out, err, arguments);
  }
}
