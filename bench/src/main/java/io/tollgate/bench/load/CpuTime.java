package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Processor time that processes have used, all their threads, ended ones too.
 *
 * @param userTicks in their own code
 * @param systemTicks in the kernel on their behalf
 */
record CpuTime(long userTicks, long systemTicks) {

  /** USER_HZ, the unit of the kernel's answers: 100 a second on every Linux that Java runs on. */
  static final long MICROS_PER_TICK = 10_000;

  /** In the text after the command's name: state is field 3 of proc(5), utime 14, stime 15. */
  private static final int USER = 14 - 3;

  private static final int SYSTEM = 15 - 3;

  /** Reads now. */
  static CpuTime of(List<Long> pids) throws IOException {
    CpuTime sum = new CpuTime(0, 0);
    for (long pid : pids) {
      CpuTime one = parse(Files.readString(Path.of("/proc/" + pid + "/stat")));
      sum = new CpuTime(sum.userTicks + one.userTicks, sum.systemTicks + one.systemTicks);
    }
    return sum;
  }

  /**
   * Reads a line of {@code /proc/<pid>/stat}. The command's name may hold blanks and parentheses,
   * so the fields are counted from the last parenthesis.
   *
   * @throws IllegalArgumentException when it is no such line
   */
  static CpuTime parse(String stat) {
    int name = stat.lastIndexOf(')');
    String[] fields = stat.substring(name + 1).strip().split(" ", -1);
    if (name < 0 || fields.length <= SYSTEM) {
      throw new IllegalArgumentException("not a line of /proc/<pid>/stat: " + stat);
    }
    return new CpuTime(Long.parseLong(fields[USER]), Long.parseLong(fields[SYSTEM]));
  }

  /** What has been used since an earlier reading. */
  CpuTime since(CpuTime earlier) {
    return new CpuTime(userTicks - earlier.userTicks, systemTicks - earlier.systemTicks);
  }

  /** All of it, in microseconds. */
  long micros() {
    return (userTicks + systemTicks) * MICROS_PER_TICK;
  }

  /** How much of it was the kernel's, in percent; 0 when nothing was used. */
  double systemPercent() {
    long all = userTicks + systemTicks;
    return all == 0 ? 0 : 100.0 * systemTicks / all;
  }
}
