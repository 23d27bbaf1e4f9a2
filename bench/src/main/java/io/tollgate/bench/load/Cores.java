package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who runs where: the server on one core, whatever makes the load on another.
 *
 * @param allowed the cores that this process was given, at least two
 */
record Cores(List<Integer> allowed) {

  private static final Pattern LIST =
      Pattern.compile("^Cpus_allowed_list:\\s+(\\S+)$", Pattern.MULTILINE);

  Cores {
    allowed = List.copyOf(allowed);
    if (allowed.size() < 2) {
      throw new IllegalArgumentException(
          "this process may run on the cores "
              + allowed
              + "; server and generator need one each, so give it two");
    }
  }

  /** Those of this process. */
  static Cores ofThisProcess() throws IOException {
    return new Cores(parse(Files.readString(Path.of("/proc/self/status"))));
  }

  /**
   * Reads the text of {@code /proc/<pid>/status}.
   *
   * @throws IllegalArgumentException when the list is missing
   */
  static List<Integer> parse(String status) {
    Matcher matcher = LIST.matcher(status);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no Cpus_allowed_list in: " + status);
    }
    List<Integer> cores = new ArrayList<>();
    for (String range : matcher.group(1).split(",", -1)) {
      String[] ends = range.split("-", 2);
      int last = Integer.parseInt(ends[ends.length - 1]);
      for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
        cores.add(core);
      }
    }
    return cores;
  }

  /** The server's, as {@code taskset -c} wants it. */
  String server() {
    return Integer.toString(allowed.getFirst());
  }

  /** The generator's. */
  String generator() {
    return Integer.toString(allowed.get(1));
  }

  /** All of them, for a server that is not pinned. */
  String all() {
    return String.join(",", allowed.stream().map(String::valueOf).toList());
  }
}
