package io.tollgate.server.doctor;

import io.tollgate.limiter.store.MemoryStoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether memory, Java and clock are what a server needs. */
final class MachineCheck {

  /** Below this a server has room for some thousand keys only. */
  private static final long LEAST_HEAP_BYTES = 32L << 20;

  /** Java's security fixes come every three months; after these a year's are missing. */
  private static final int OLD_DAYS = 365;

  /** No certificate of ours and no calendar of a limit reaches beyond it. */
  private static final int LAST_YEAR = 2100;

  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable: +([0-9]{1,15}) kB");

  private MachineCheck() {}

  static List<Finding> of(Machine machine) {
    return Stream.of(Optional.of(memory(machine)), Optional.of(java(machine)), clock(machine))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Finding memory(Machine machine) {
    String check = "memory";
    long heap = machine.mostHeapBytes();
    String size = "a heap of up to " + mebibytes(heap);
    OptionalLong available = available(machine);
    if (heap < LEAST_HEAP_BYTES) {
      return Finding.warning(
          check, size + " is small", "set JAVA_OPTS=-Xmx64m or give the container more memory");
    }
    if (available.isPresent() && available.getAsLong() < heap) {
      return Finding.warning(
          check,
          size + ", but the machine has " + mebibytes(available.getAsLong()) + " left",
          "set JAVA_OPTS=-Xmx" + Math.max((available.getAsLong() / 2) >> 20, 32) + "m");
    }
    long keys = MemoryStoreConfig.forHeap(heap).maxKeys();
    return Finding.ok(check, size + ", room for " + keys + " keys");
  }

  private static OptionalLong available(Machine machine) {
    try {
      return Files.readAllLines(machine.proc().resolve("meminfo")).stream()
          .map(AVAILABLE::matcher)
          .filter(Matcher::matches)
          .mapToLong(matcher -> Long.parseLong(matcher.group(1)) << 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static Finding java(Machine machine) {
    String check = "java";
    Optional<LocalDate> released = released(machine);
    boolean old =
        released.isPresent() && released.get().plusDays(OLD_DAYS).isBefore(today(machine));
    return old
        ? Finding.warning(
            check,
            machine.javaVersion() + ", of " + released.get() + ": a year of fixes is missing",
            "install the newest update of Java 25, or of Tollgate, which brings one")
        : Finding.ok(check, machine.javaVersion());
  }

  /** Empty when Java does not say when it was released and the year is not absurd. */
  private static Optional<Finding> clock(Machine machine) {
    String check = "clock";
    LocalDate today = today(machine);
    Optional<LocalDate> released = released(machine);
    boolean early = released.isPresent() && today.isBefore(released.get());
    if (early || today.getYear() > LAST_YEAR) {
      return Optional.of(
          Finding.wrong(
              check,
              "it says " + today + (early ? ", but this Java is of " + released.get() : ""),
              "set the machine's clock, best by NTP: calendar windows and TLS depend on it"));
    }
    return Optional.of(Finding.ok(check, "it says " + machine.clock().instant()));
  }

  private static LocalDate today(Machine machine) {
    return LocalDate.ofInstant(machine.clock().instant(), ZoneOffset.UTC);
  }

  private static Optional<LocalDate> released(Machine machine) {
    try {
      return Optional.of(LocalDate.parse(machine.javaDate()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
