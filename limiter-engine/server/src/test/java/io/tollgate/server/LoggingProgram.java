package io.tollgate.server;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.DefaultEndpoint;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.channel.embedded.EmbeddedChannel;
import io.tollgate.server.log.LogFields;
import io.tollgate.server.log.Logs;
import io.tollgate.server.settings.Settings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Serial;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/** A program that logs as the server does, but what a test asks for. */
final class LoggingProgram {

  /** Throws when it is asked for its message. */
  private static final class UnspeakableException extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException();
    }
  }

  private LoggingProgram() {}

  /** The first argument says what is logged. */
  public static void main(String[] args) throws InterruptedException {
    Logs.lastThroughShutdown();
    PrintStream err =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    try (Logs _ = Logs.start(Settings.of(Map.of(), System.getenv()).log(), err)) {
      System.Logger log = System.getLogger("io.tollgate.Some");
      switch (args[0]) {
        case "faults" -> logFaults(log);
        case "ending" -> {
          // What the JDK does by a hook of its own, at a moment that no test can choose.
          LogManager.getLogManager().reset();
          log.log(Level.INFO, "still here");
        }
        case "many" -> logFromManyThreads(log);
        case "given up" -> giveUpAConnection();
        case "flood" -> logMoreThanAPipeHolds(log);
        default -> throw new IllegalArgumentException(args[0]);
      }
    }
  }

  private static void logFaults(System.Logger log) {
    String nasty = "a\nb\r\u001b[31m\"\\\ud83d \u202e";
    IOException cause = new IOException(nasty);
    log.log(
        Level.ERROR,
        nasty,
        LogFields.requestId("req_1\n"),
        new IllegalStateException("outer", cause));
    log.log(Level.DEBUG, "a detail");
    log.log(Level.ERROR, "unspeakable", new UnspeakableException());
  }

  private static void logFromManyThreads(System.Logger log) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      String name = "thread-" + t;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < 200; i++) {
                  log.log(Level.INFO, name + "-" + i);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Thread failing = new Thread(() -> Integer.parseInt("x"), "failing");
    failing.start();
    failing.join();
  }

  /** As Lettuce does where a start is refused while it connects. */
  private static void giveUpAConnection() {
    ClientResources resources = DefaultClientResources.create();
    DefaultEndpoint endpoint = new DefaultEndpoint(ClientOptions.create(), resources);
    endpoint.close();
    endpoint.notifyChannelActive(new EmbeddedChannel());
    resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static void logMoreThanAPipeHolds(System.Logger log) {
    for (int i = 0; i < 3_000; i++) {
      log.log(Level.INFO, "x".repeat(1_000));
    }
    System.out.println("done");
  }
}
