package io.tollgate.server.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Who may do what with a file. */
final class Modes {

  private Modes() {}

  /** Whether every user of the machine may read or write it; false where nobody can tell. */
  static boolean openToAll(Path path) {
    return has(path, Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE));
  }

  /** Whether others than its user may write it; false where nobody can tell. */
  static boolean writableByOthers(Path path) {
    return has(path, Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE));
  }

  private static boolean has(Path path, Set<PosixFilePermission> any) {
    try {
      return Files.getPosixFilePermissions(path).stream().anyMatch(any::contains);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
