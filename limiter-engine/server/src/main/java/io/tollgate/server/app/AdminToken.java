package io.tollgate.server.app;

import io.tollgate.server.app.AdminTokenFile.Content;
import io.tollgate.server.settings.LogLevel;
import io.tollgate.server.settings.Secret;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Who may administer a server: the token, and what its operator must be told about it.
 *
 * <p>Set by the operator, it is that. Else a server that only its machine reaches, and that asks
 * nobody for a token, has none: whoever may check may administer. Every other server makes one and
 * keeps it in the data folder; where it cannot, the token ends with the server.
 */
public final class AdminToken {

  /**
   * What the operator must be told; a token that was just made is in the text.
   *
   * @param level how urgent it is
   */
  public record Note(LogLevel level, String text) {}

  /** Twice the 128 bits that OWASP ASVS 5.0 asks for (11.5.1). */
  private static final int RANDOM_BYTES = 32;

  /** A file is written within this time after it was created, or its writer is gone. */
  private static final int LOOKS = 100;

  private static final long BETWEEN_LOOKS_NANOS = 10_000_000;

  private final Optional<Secret> token;
  private final List<Note> notes;

  private AdminToken(Optional<Secret> token, List<Note> notes) {
    this.token = token;
    this.notes = List.copyOf(notes);
  }

  /** Whether a server of these settings lets nobody administer it without a token. */
  public static boolean needed(Settings settings) {
    return !settings.listen().loopback() || settings.secrets().checkToken().isPresent();
  }

  /**
   * The token of a server that starts now; makes and keeps one if there must be one.
   *
   * @throws SettingsException when what the data folder keeps cannot be a token, or is the token of
   *     checks
   */
  public static AdminToken resolve(Settings settings) {
    Optional<Secret> set = settings.secrets().adminToken();
    if (set.isPresent() || !needed(settings)) {
      return new AdminToken(set, List.of());
    }
    Optional<Path> folder = settings.data().folder();
    if (folder.isEmpty()) {
      return passing("neither HOME nor XDG_DATA_HOME names a folder");
    }
    AdminTokenFile file = new AdminTokenFile(folder.get());
    try {
      return keptIn(file, settings);
    } catch (IOException e) {
      return passing("the data folder " + folder.get() + " cannot be used (" + reason(e) + ")");
    }
  }

  /** The token; empty when none is asked for. */
  public Optional<Secret> token() {
    return token;
  }

  /** What the operator must be told, in order. */
  public List<Note> notes() {
    return notes;
  }

  private static AdminToken keptIn(AdminTokenFile file, Settings settings) throws IOException {
    Secret made = random();
    if (file.read() instanceof Content.Missing && file.create(made)) {
      return new AdminToken(
          Optional.of(made),
          List.of(
              new Note(
                  LogLevel.INFO,
                  "Made the admin token, the bearer token of calls that change limits or counters."
                      + " It is kept in "
                      + file.path()
                      + " and shown this once: "
                      + made.value())));
    }
    return switch (settled(file)) {
      case Content.Kept kept -> found(kept, file.path(), settings);
      case Content.Empty _ -> throw refused(file.path(), "is empty");
      case Content.Garbled _ -> throw refused(file.path(), "holds no bearer token");
      case Content.Missing _ -> throw refused(file.path(), "comes and goes");
    };
  }

  /** Another server may have created the file just now, and writes it. */
  private static Content settled(AdminTokenFile file) throws IOException {
    Content content = file.read();
    for (int i = 1; i < LOOKS && content instanceof Content.Empty; i++) {
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      content = file.read();
    }
    return content;
  }

  private static AdminToken found(Content.Kept kept, Path path, Settings settings) {
    if (settings.secrets().checkToken().filter(kept.token()::equals).isPresent()) {
      throw refused(path, "holds the token of checks");
    }
    List<Note> notes = new ArrayList<>();
    if (kept.openToOthers()) {
      notes.add(
          new Note(
              LogLevel.WARN,
              "Other users of this machine can read or change the admin token; run: chmod 600 "
                  + path));
    }
    notes.add(new Note(LogLevel.INFO, "The admin token is in " + path + "."));
    return new AdminToken(Optional.of(kept.token()), notes);
  }

  private static AdminToken passing(String why) {
    Secret made = random();
    return new AdminToken(
        Optional.of(made),
        List.of(
            new Note(
                LogLevel.WARN,
                "The admin token cannot be kept, since "
                    + why
                    + ". Set TOLLGATE_ADMIN_TOKEN, or TOLLGATE_DATA_DIR to a folder that this user"
                    + " may write. Until this server ends it is: "
                    + made.value())));
  }

  private static SettingsException refused(Path path, String what) {
    return new SettingsException(
        List.of(path + " " + what + "; remove the file, or set TOLLGATE_ADMIN_TOKEN"));
  }

  /** The message of most file exceptions is the path alone. */
  private static String reason(IOException e) {
    String said = e instanceof FileSystemException file ? file.getReason() : null;
    return said == null ? e.getClass().getSimpleName().replaceFirst("Exception$", "") : said;
  }

  private static Secret random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }
}
