package io.tollgate.server.doctor;

import io.tollgate.server.settings.ListenSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the system lets a server open as many connections as it may. */
final class OpenFileCheck {

  private static final String CHECK = "open files";

  /** Libraries, listeners, selectors and files: some 60 in a running server. */
  private static final long OTHERS = 200;

  /**
   * A JVM raises its soft limit to the hard one when it starts, so it is the hard one that counts.
   */
  private static final Pattern LIMIT = Pattern.compile("Max open files +\\S+ +(\\S+) .*");

  private OpenFileCheck() {}

  /** Nothing where the system does not tell. */
  static List<Finding> of(ListenSettings listen, Path proc) {
    Optional<String> limit = limit(proc);
    if (limit.isEmpty()) {
      return List.of();
    }
    long needed = listen.maxConnections() + OTHERS;
    if (limit.get().equals("unlimited") || Long.parseLong(limit.get()) >= needed) {
      return List.of(
          Finding.ok(
              CHECK,
              limit.get() + " allowed, enough for " + listen.maxConnections() + " connections"));
    }
    return List.of(
        Finding.warning(
            CHECK,
            limit.get()
                + " allowed, too few for "
                + listen.maxConnections()
                + " connections, so some will be refused",
            "run: ulimit -n "
                + needed
                + " (systemd: LimitNOFILE="
                + needed
                + "), or lower TOLLGATE_MAX_CONNECTIONS"));
  }

  private static Optional<String> limit(Path proc) {
    try {
      return Files.readAllLines(proc.resolve("self/limits")).stream()
          .map(LIMIT::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .filter(text -> text.matches("unlimited|[0-9]{1,18}"))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
