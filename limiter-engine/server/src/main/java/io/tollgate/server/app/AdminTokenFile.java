package io.tollgate.server.app;

import io.tollgate.server.settings.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file that keeps a generated admin token over restarts.
 *
 * @param folder the data folder, which need not be there
 */
public record AdminTokenFile(Path folder) {

  /** No bearer token of ours is longer. */
  private static final int MOST_BYTES = 8 << 10;

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  /** What is found in its place. */
  public sealed interface Content {

    /** Nothing: no server that needed a token has started here. */
    record Missing() implements Content {}

    /** A file without content: somebody is writing it, or was interrupted long ago. */
    record Empty() implements Content {}

    /** Something that is no token. */
    record Garbled() implements Content {}

    /**
     * A token.
     *
     * @param openToOthers whether other users of the machine may read or write the file
     */
    record Kept(Secret token, boolean openToOthers) implements Content {}
  }

  /** Where the file is, or would be. */
  public Path path() {
    return folder.resolve("admin-token");
  }

  /**
   * Looks, and changes nothing.
   *
   * @throws IOException when this user may not look
   */
  public Content read() throws IOException {
    Path path = path();
    // Opening a pipe would wait for its other end.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return new Content.Garbled();
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(MOST_BYTES);
    } catch (NoSuchFileException e) {
      return new Content.Missing();
    }
    // We end the file with a newline, and so does an editor; it is no part of the token.
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("\\r?\\n\\z", "");
    if (text.isEmpty()) {
      return new Content.Empty();
    }
    Secret token = new Secret(text);
    return token.isBearerToken()
        ? new Content.Kept(token, openToOthers(path))
        : new Content.Garbled();
  }

  /**
   * Keeps a token where only this user can read it, unless there is a file already.
   *
   * @return whether it is kept; if not, somebody else was first
   * @throws IOException when folder or file cannot be made; then no file is left behind
   */
  boolean create(Secret token) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(mode("rwx------")));
    }
    Path path = path();
    FileChannel file;
    try {
      file = FileChannel.open(path, NEW, PosixFilePermissions.asFileAttribute(mode("rw-------")));
    } catch (FileAlreadyExistsException e) {
      return false;
    }
    try (file) {
      ByteBuffer line = StandardCharsets.ISO_8859_1.encode(token.value() + "\n");
      while (line.hasRemaining()) {
        var _ = file.write(line);
      }
      // Else a power failure could leave an empty file, which stops the next start.
      file.force(true);
      return true;
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Whether other users of the machine may read or write a file.
   *
   * @throws IOException when this user may not look
   */
  public static boolean openToOthers(Path path) throws IOException {
    Set<PosixFilePermission> others = mode("---rw-rw-");
    return Files.getPosixFilePermissions(path).stream().anyMatch(others::contains);
  }

  private static Set<PosixFilePermission> mode(String text) {
    return PosixFilePermissions.fromString(text);
  }
}
