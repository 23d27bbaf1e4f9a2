package io.tollgate.server.doctor;

import io.tollgate.server.doctor.Finding.Verdict;
import io.tollgate.server.limits.KeptNamespaces;
import io.tollgate.server.settings.DataSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether what must survive a server can be kept. */
final class DataFolderCheck {

  private static final String CHECK = "data folder";
  private static final String KEPT = "API namespaces";

  /** What is kept there today fits many times; below it the disk is as good as full. */
  private static final long LEAST_BYTES = 64L << 20;

  private DataFolderCheck() {}

  /**
   * Looks at the folder.
   *
   * @param shared whether namespaces of the API are in Redis instead
   */
  static List<Finding> of(DataSettings data, boolean shared) {
    Optional<Path> folder = data.folder();
    if (folder.isEmpty()) {
      return List.of(
          Finding.warning(
              CHECK,
              "there is none, since neither HOME nor XDG_DATA_HOME names a folder: what is made"
                  + " through the API ends with the server",
              "set TOLLGATE_DATA_DIR"));
    }
    Finding place = of(folder.get(), data.chosen());
    return place.verdict() == Verdict.WRONG
        ? List.of(place)
        : List.of(place, kept(folder.get(), shared));
  }

  private static Finding kept(Path folder, boolean shared) {
    try {
      int count = KeptNamespaces.count(folder);
      if (shared) {
        return count == 0
            ? Finding.ok(KEPT, "are in Redis")
            : Finding.warning(
                KEPT,
                count + " in " + folder + " do not count, since those in Redis do",
                "make them again through the API, or move them away");
      }
      return Finding.ok(KEPT, count == 0 ? "none" : count + " in " + folder);
    } catch (IOException e) {
      return Finding.wrong(KEPT, String.valueOf(e.getMessage()));
    }
  }

  /** Whether something could be kept there, as far as rights say. */
  static boolean isUsable(Path folder) {
    return nearest(folder).filter(DataFolderCheck::isUsableAsItIs).isPresent();
  }

  private static boolean isUsableAsItIs(Path present) {
    return Files.isDirectory(present) && Files.isWritable(present) && Files.isExecutable(present);
  }

  private static Finding of(Path folder, boolean chosen) {
    Optional<Path> present = nearest(folder);
    if (present.isEmpty() || !Files.isDirectory(present.get())) {
      return unusable(
          chosen, present.map(path -> path + " is no folder").orElse(folder + " cannot be made"));
    }
    Path parent = present.get();
    if (!isUsableAsItIs(parent)) {
      return unusable(chosen, "this user may not write " + parent);
    }
    if (parent.equals(folder.toAbsolutePath()) && Modes.writableByOthers(folder)) {
      return Finding.warning(CHECK, "other users may write " + folder, "run: chmod go-w " + folder);
    }
    return space(folder, parent);
  }

  private static Finding space(Path folder, Path present) {
    try {
      long left = Files.getFileStore(present).getUsableSpace();
      if (left < LEAST_BYTES) {
        return Finding.warning(
            CHECK,
            folder + " has " + (left >> 20) + " MiB left",
            "make room, or set TOLLGATE_DATA_DIR to a folder of another disk");
      }
      String will = present.equals(folder.toAbsolutePath()) ? "" : ", will be made when needed";
      return Finding.ok(CHECK, folder + ", " + (left >> 20) + " MiB left" + will);
    } catch (IOException e) {
      return unusable(true, folder + " cannot be looked at");
    }
  }

  /** A folder that nobody asked for is missed only by what would be kept in it. */
  private static Finding unusable(boolean chosen, String what) {
    String fix = "set TOLLGATE_DATA_DIR to a folder that this user may write";
    return chosen ? Finding.wrong(CHECK, what, fix) : Finding.warning(CHECK, what, fix);
  }

  /** The folder itself, or the nearest above it that is there. */
  private static Optional<Path> nearest(Path folder) {
    for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
      if (Files.exists(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }
}
