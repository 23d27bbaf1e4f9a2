package io.tollgate.server.metrics;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux says of this process in {@code /proc/self}; empty elsewhere. */
final class ProcFiles {

  private static final Path SELF = Path.of("/proc/self");
  private static final Pattern RESIDENT_KIB = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");
  private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files\\s+(\\d+)\\s");
  private static final long KIB = 1_024;

  private ProcFiles() {}

  static OptionalLong residentBytes() {
    OptionalLong kib = number(RESIDENT_KIB, "status");
    return kib.isEmpty() ? kib : OptionalLong.of(kib.getAsLong() * KIB);
  }

  /** Empty, too, where there is no limit. */
  static OptionalLong mostOpenFiles() {
    return number(OPEN_FILES, "limits");
  }

  private static OptionalLong number(Pattern pattern, String file) {
    try {
      Matcher found = pattern.matcher(Files.readString(SELF.resolve(file)));
      return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** The one that counts them is not among them. */
  static OptionalLong openFiles() {
    long files = -1;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(SELF.resolve("fd"))) {
      for (Path _ : all) {
        files++;
      }
      return OptionalLong.of(files);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
