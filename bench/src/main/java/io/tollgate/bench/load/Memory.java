package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Memory that processes hold, in KiB.
 *
 * @param resident VmRSS, where pages that two of them share count twice
 * @param proportional Pss, where shared pages are divided among those who share them
 * @param anonymous the part of the resident memory that no file stands behind
 */
record Memory(long resident, long proportional, long anonymous) {

  private static final double BYTES_PER_KIB = 1024;
  private static final double BYTES_PER_MB = 1_000_000;

  /** Reads now. */
  static Memory of(List<Long> pids) throws IOException {
    Memory sum = new Memory(0, 0, 0);
    for (long pid : pids) {
      Path folder = Path.of("/proc/" + pid);
      Memory one =
          parse(
              Files.readString(folder.resolve("status")),
              Files.readString(folder.resolve("smaps_rollup")));
      sum =
          new Memory(
              sum.resident + one.resident,
              sum.proportional + one.proportional,
              sum.anonymous + one.anonymous);
    }
    return sum;
  }

  /**
   * Reads the texts of {@code /proc/<pid>/status} and {@code /proc/<pid>/smaps_rollup}.
   *
   * @throws IllegalArgumentException when a field is missing
   */
  static Memory parse(String status, String rollup) {
    return new Memory(field(status, "VmRSS"), field(rollup, "Pss"), field(status, "RssAnon"));
  }

  private static long field(String text, String name) {
    Matcher matcher =
        Pattern.compile("^" + name + ":\\s+(\\d+) kB$", Pattern.MULTILINE).matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException("no field " + name + " in: " + text);
    }
    return Long.parseLong(matcher.group(1));
  }

  /** Megabytes of 1,000,000 bytes. */
  static double megabytes(long kib) {
    return kib * BYTES_PER_KIB / BYTES_PER_MB;
  }
}
