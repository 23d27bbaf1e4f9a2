package io.tollgate.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The repository that this build belongs to: the files that git tracks or would track. */
final class Repository {
  /** Bigger files are data, not text that somebody wrote. */
  private static final long MAX_TEXT_BYTES = 1 << 20;

  private Repository() {}

  static Path root() {
    return Path.of(
        Objects.requireNonNull(
            System.getProperty("tollgate.root"), "the build sets the property tollgate.root"));
  }

  /** Paths of all files, tracked or new but not ignored, that exist; relative to the root. */
  static List<String> paths() {
    // The owner of a fresh checkout may be another user, as in a container.
    byte[] output =
        run("git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard");
    return new String(output, StandardCharsets.UTF_8)
        .transform(names -> List.of(names.split("\0"))).stream()
            .filter(name -> Files.isRegularFile(root().resolve(name)))
            .distinct()
            .sorted()
            .toList();
  }

  /** All text files: those that are UTF-8 without zero bytes. */
  static List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    for (String path : paths()) {
      text(root().resolve(path)).ifPresent(text -> sources.add(new Source(path, text)));
    }
    if (sources.isEmpty()) {
      throw new IllegalStateException("git lists no file below " + root());
    }
    return List.copyOf(sources);
  }

  private static Optional<String> text(Path file) {
    try {
      if (Files.size(file) > MAX_TEXT_BYTES) {
        return Optional.empty();
      }
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      return text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException notText) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  private static byte[] run(String... command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(root().toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      byte[] output = process.getInputStream().readAllBytes();
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(
            "status " + status + " of " + String.join(" ", command) + "; is this a git checkout?");
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("git is needed to list the repository's files", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while git was listing files", e);
    }
  }
}
