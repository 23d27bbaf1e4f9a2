package io.tollgate.server.limits;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps the API's namespaces; one process at a time may write into it.
 *
 * <p>A write is whole or not at all, also when the machine loses power: it goes to a file beside,
 * to the disk, then under its name. For use by one thread at a time, but for {@link #close}.
 */
final class DataFolder implements AutoCloseable {

  /** What to do when somebody else has the folder. */
  static final String OWN_FOLDER = "give this server a folder of its own in TOLLGATE_DATA_DIR";

  private static final String LOCK = "lock";
  private static final String NAMESPACES = "namespaces.json";
  private static final String LEFTOVER = "namespaces.json.tmp";

  /**
   * The locks of this JVM. The system's locks belong to a process, and closing any channel of a
   * file gives them up, so a second attempt must not even open it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final Set<StandardOpenOption> NEW_FILE =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
  private static final Set<OpenOption> LOCK_FILE =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE);

  private record Hold(Path lock, FileChannel channel) {}

  private final Path folder;
  private volatile @Nullable Hold hold;

  DataFolder(Path folder) {
    this.folder = folder;
  }

  /** Says that another server has a folder. */
  static String inUse(Path folder) {
    return "another server keeps its namespaces in " + folder;
  }

  Path path() {
    return folder;
  }

  Path namespaces() {
    return folder.resolve(NAMESPACES);
  }

  /** Whether anything was ever written here, if only half; also when nobody can tell. */
  boolean isUsed() {
    return !Files.notExists(namespaces()) || !Files.notExists(folder.resolve(LEFTOVER));
  }

  boolean isHeld() {
    return hold != null;
  }

  /**
   * Makes this process the one that writes here, until {@link #close}; makes the folder.
   *
   * @return whether it is; false when another process is
   */
  boolean hold() throws IOException {
    if (hold != null) {
      return true;
    }
    Files.createDirectories(folder, onlyOwner("rwx------"));
    Path lock = folder.toRealPath().resolve(LOCK);
    if (!HELD.add(lock)) {
      return false;
    }
    boolean held = false;
    @Nullable FileChannel channel = null;
    try {
      channel = FileChannel.open(lock, LOCK_FILE, onlyOwner("rw-------"));
      held = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } finally {
      if (!held) {
        release(lock, channel);
      }
    }
    if (held) {
      hold = new Hold(lock, channel);
      Files.deleteIfExists(folder.resolve(LEFTOVER));
    }
    return held;
  }

  private static void release(Path lock, @Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      // The lock is given up all the same, at the latest with the process.
    } finally {
      HELD.remove(lock);
    }
  }

  /** The text of the namespaces; empty when there are none. */
  String read() throws IOException, NamespacesFile.CorruptException {
    try (InputStream in = Files.newInputStream(namespaces())) {
      byte[] bytes = in.readNBytes(NamespacesFile.MOST_BYTES + 1);
      if (bytes.length > NamespacesFile.MOST_BYTES) {
        throw new NamespacesFile.CorruptException(
            "is larger than " + NamespacesFile.MOST_BYTES + " bytes");
      }
      if (bytes.length == 0) {
        throw new NamespacesFile.CorruptException("is empty");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      return "";
    } catch (CharacterCodingException e) {
      throw new NamespacesFile.CorruptException("is not UTF-8");
    }
  }

  /** Replaces the namespaces; when this returns, they survive whatever happens. */
  void write(byte[] bytes) throws IOException {
    Path leftover = folder.resolve(LEFTOVER);
    Files.deleteIfExists(leftover);
    try (FileChannel channel = FileChannel.open(leftover, NEW_FILE, onlyOwner("rw-------"))) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        var _ = channel.write(rest);
      }
      channel.force(true);
    } catch (IOException e) {
      forget(leftover, e);
      throw e;
    }
    Files.move(leftover, namespaces(), StandardCopyOption.ATOMIC_MOVE);
    if (isPosix()) {
      // The name is on disk only when the folder is; Windows opens no folders, and needs it not.
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Gives a full disk its room back. */
  private static void forget(Path leftover, IOException reason) {
    try {
      Files.deleteIfExists(leftover);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private boolean isPosix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private FileAttribute<?>[] onlyOwner(String permissions) {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** What went wrong, in words: the system's exceptions often say no more than the file's name. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> gone.getFile() + " is not there";
      case AccessDeniedException denied -> "this user may not use " + denied.getFile();
      case FileSystemException named when named.getReason() != null ->
          named.getFile() + ": " + named.getReason();
      case FileSystemException named -> named.getFile() + " is in the way";
      default -> String.valueOf(e.getMessage());
    };
  }

  /** Lets others write. */
  @Override
  public void close() {
    Hold held = hold;
    hold = null;
    if (held != null) {
      release(held.lock, held.channel);
    }
  }
}
