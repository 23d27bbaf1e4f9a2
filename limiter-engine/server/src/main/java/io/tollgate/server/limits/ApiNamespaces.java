package io.tollgate.server.limits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The API's namespaces as they are kept. For use by one thread at a time, but for {@link #close}.
 */
final class ApiNamespaces {

  private static final Change.Unavailable NO_FOLDER =
      new Change.Unavailable(
          "there is no data folder to keep namespaces in",
          "set TOLLGATE_DATA_DIR to a folder that this user may write");

  private static final String WRITABLE =
      "make room, or set TOLLGATE_DATA_DIR to a folder that this user may write";

  private final Optional<DataFolder> folder;

  ApiNamespaces(Optional<Path> folder) {
    this.folder = folder.map(DataFolder::new);
  }

  /** What this server may do with the folder. */
  sealed interface Hold {

    /** It has had the folder before: what it knows is what is there. */
    record Known() implements Hold {}

    /** It has the folder from now on, and this is what is there. */
    record Found(SortedMap<String, Made> namespaces) implements Hold {}

    /** It may not write. */
    record No(Change.Unavailable why) implements Hold {}
  }

  /**
   * What is kept, at the start; takes the folder if anything is.
   *
   * @throws IOException when it cannot be read; names the file and what to do
   */
  SortedMap<String, Made> open(Consumer<LimitsEvent> events) throws IOException {
    if (!isUsed()) {
      return new TreeMap<>();
    }
    DataFolder used = folder.orElseThrow();
    try {
      if (!used.hold()) {
        events.accept(new LimitsEvent.DataFolderInUse(used.path()));
      }
    } catch (IOException e) {
      events.accept(new LimitsEvent.DataFolderReadOnly(used.path(), DataFolder.reason(e)));
    }
    return load(used);
  }

  /** Whether the folder holds anything. */
  boolean isUsed() {
    return folder.isPresent() && folder.get().isUsed();
  }

  /** Takes the folder for a write, unless this server has it. */
  Hold hold() {
    if (folder.isEmpty()) {
      return new Hold.No(NO_FOLDER);
    }
    DataFolder own = folder.get();
    if (own.isHeld()) {
      return new Hold.Known();
    }
    try {
      if (!own.hold()) {
        return new Hold.No(
            new Change.Unavailable(DataFolder.inUse(own.path()), DataFolder.OWN_FOLDER));
      }
      // Whoever had it before may have changed what this server read at its start.
      return new Hold.Found(load(own));
    } catch (IOException e) {
      close();
      return new Hold.No(unavailable(e));
    }
  }

  /** Keeps these and no others; empty when that is done. */
  Optional<Change.Unavailable> write(byte[] namespaces) {
    try {
      folder.orElseThrow().write(namespaces);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(unavailable(e));
    }
  }

  private static Change.Unavailable unavailable(IOException e) {
    return new Change.Unavailable("cannot be kept: " + DataFolder.reason(e), WRITABLE);
  }

  /** What is in the folder, whoever has it. */
  static SortedMap<String, Made> load(DataFolder folder) throws IOException {
    Path file = folder.namespaces();
    try {
      String text = folder.read();
      return text.isEmpty() ? new TreeMap<>() : NamespacesFile.parse(text);
    } catch (NamespacesFile.CorruptException e) {
      throw new IOException(
          file
              + ": "
              + e.getMessage()
              + "; restore it from a copy, or move it away to start without the namespaces that"
              + " were made through the API",
          e);
    } catch (IOException e) {
      throw new IOException(
          file + ": cannot be read: " + DataFolder.reason(e) + "; let this user read it", e);
    }
  }

  /** Lets others write. */
  void close() {
    folder.ifPresent(DataFolder::close);
  }
}
