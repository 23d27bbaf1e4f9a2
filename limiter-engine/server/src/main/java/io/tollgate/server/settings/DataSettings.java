package io.tollgate.server.settings;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the server keeps what must survive it. Reading the settings creates nothing.
 *
 * @param folder the folder; empty when none was chosen and the machine has no usual place for one
 * @param chosen whether the operator named it, so that a fault with it is worth a word
 */
public record DataSettings(Optional<Path> folder, boolean chosen) {

  static DataSettings read(Source source) {
    Optional<Source.Setting> setting = source.value(Variable.DATA_DIR);
    return setting.isPresent()
        ? new DataSettings(setting.get().path("a folder"), true)
        : new DataSettings(usual(source), false);
  }

  /** The place of a user's data (XDG Base Directory Specification 0.8). */
  private static Optional<Path> usual(Source source) {
    return absolute(source, "XDG_DATA_HOME")
        .or(() -> absolute(source, "HOME").map(home -> home.resolve(".local/share")))
        .map(data -> data.resolve("tollgate"));
  }

  /** That specification ignores paths that are not absolute, and these variables are not ours. */
  private static Optional<Path> absolute(Source source, String name) {
    try {
      return source.variable(name).map(setting -> Path.of(setting.text())).filter(Path::isAbsolute);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
