package io.tollgate.server.limits;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The API's namespaces in a data folder. */
final class FolderNamespaces implements ApiNamespaces {

  private static final Change.Unavailable NO_FOLDER =
      new Change.Unavailable(
          "there is no data folder to keep namespaces in",
          "set TOLLGATE_DATA_DIR to a folder that this user may write");

  private static final String WRITABLE =
      "make room, or set TOLLGATE_DATA_DIR to a folder that this user may write";

  private final Optional<DataFolder> folder;

  FolderNamespaces(Optional<Path> folder) {
    this.folder = folder.map(DataFolder::new);
  }

  /** Takes the folder if anything is in it. */
  @Override
  public SortedMap<String, Made> open(Consumer<LimitsEvent> events) throws IOException {
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

  @Override
  public boolean isUsed() {
    return folder.isPresent() && folder.get().isUsed();
  }

  /** Takes the folder for a write, unless this server has it. */
  @Override
  public Hold hold(SortedMap<String, Made> inForce) {
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

  @Override
  public Optional<Change> write(SortedMap<String, Made> next, byte[] bytes, String changed) {
    try {
      folder.orElseThrow().write(bytes);
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

  /** Nobody else may change what this server has. */
  @Override
  public Optional<SortedMap<String, Made>> poll(SortedMap<String, Made> inForce) {
    return Optional.empty();
  }

  /** Lets others write. */
  @Override
  public void close() {
    folder.ifPresent(DataFolder::close);
  }
}
