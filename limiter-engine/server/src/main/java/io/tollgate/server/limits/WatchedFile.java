package io.tollgate.server.limits;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.config.LimitsFile;
import io.tollgate.server.files.FileWatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The limits file while the server runs. For use by one thread at a time. */
final class WatchedFile {

  /** What a poll has found. */
  sealed interface Found {

    /** Nothing that was not known. */
    record Nothing() implements Found {}

    /** The text that is in force, after one that could not be used. */
    record SameAgain() implements Found {}

    /**
     * Another text, which can be used.
     *
     * @param digest names the text
     */
    record Changed(List<NamespaceSpec> namespaces, String digest) implements Found {}

    /** A text that cannot be used, or none. */
    record Wrong(ConfigException problems) implements Found {}
  }

  private static final Found NOTHING = new Found.Nothing();

  private final Path path;
  private final FileWatch watch;
  private final boolean watched;
  private final List<NamespaceSpec> first;
  private String inForce;

  /** What was wrong at the last look, so that it is said once; empty when nothing was. */
  private String refusal = "";

  /**
   * Reads a file for the first time.
   *
   * @throws ConfigException when it cannot be used
   */
  WatchedFile(Path path) {
    this.path = path;
    this.watch = FileWatch.of(List.of(path));
    // A pipe can be read once only.
    this.watched = Files.isRegularFile(path);
    String text = LimitsFile.text(path);
    this.first = LimitsFile.parse(path.toString(), text);
    this.inForce = digest(text);
  }

  Path path() {
    return path;
  }

  /** What the first read gave. */
  List<NamespaceSpec> first() {
    return first;
  }

  Found poll() {
    if (!watched) {
      return NOTHING;
    }
    return switch (watch.poll()) {
      case UNCHANGED, MOVING -> NOTHING;
      case RESTLESS ->
          wrong(
              ConfigException.wholeFile(
                  path.toString(),
                  "does not come to rest",
                  "write it under another name, then rename it"));
      case SETTLED -> read();
    };
  }

  /** Says that what a poll found is in force. */
  void inForce(Found.Changed changed) {
    inForce = changed.digest;
    refusal = "";
  }

  /** What a poll found cannot be in force, for reasons that the file does not know. */
  Found wrong(ConfigException problems) {
    String message = String.valueOf(problems.getMessage());
    if (message.equals(refusal)) {
      return NOTHING;
    }
    refusal = message;
    return new Found.Wrong(problems);
  }

  private Found read() {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path)) {
        throw ConfigException.wholeFile(path.toString(), "is a device or a pipe", "use a file");
      }
      String text = LimitsFile.text(path);
      if (!watch.isStill()) {
        return NOTHING;
      }
      String digest = digest(text);
      if (!digest.equals(inForce)) {
        return new Found.Changed(LimitsFile.parse(path.toString(), text), digest);
      }
    } catch (ConfigException problems) {
      return wrong(problems);
    } catch (RuntimeException | VirtualMachineError fault) {
      // A fault of ours, or no memory for so large a file: the limits before it stay all the same.
      return wrong(
          ConfigException.wholeFile(
              path.toString(),
              "cannot be taken: " + fault,
              "try tollgate check-config on it, and report what that prints"));
    }
    boolean wasWrong = !refusal.isEmpty();
    refusal = "";
    return wasWrong ? new Found.SameAgain() : NOTHING;
  }

  private static String digest(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
