package io.tollgate.server.settings;

import io.tollgate.server.text.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A secret as it was set, from a variable or from the file that {@code <NAME>_FILE} names.
 *
 * @param name the variable that it came by
 */
record SecretText(String name, String text) {

  /** No secret of ours is longer. */
  private static final int MOST_BYTES = 8 << 10;

  Secret secret() {
    return new Secret(text);
  }

  /** The secret; empty when none is set, or when something is wrong, which is reported. */
  static Optional<SecretText> read(Source source, String name) {
    Optional<Source.Setting> direct = source.variable(name);
    Optional<Source.Setting> file = source.variable(name + "_FILE");
    if (direct.isPresent() && file.isPresent()) {
      source.problem(name + " and " + name + "_FILE are both set; unset one of the two");
      return Optional.empty();
    }
    return file.isPresent()
        ? file.flatMap(SecretText::ofFile)
        : direct.map(setting -> new SecretText(name, setting.text()));
  }

  private static Optional<SecretText> ofFile(Source.Setting file) {
    try (InputStream in = Files.newInputStream(Path.of(file.text()))) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      // An editor ends a file with a newline; it is no part of the secret.
      String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\r?\\n\\z", "");
      if (bytes.length > MOST_BYTES) {
        file.problem("holds more than " + MOST_BYTES + " bytes", "name the file of the secret");
      } else if (text.isEmpty()) {
        file.problem("is an empty file", "write the secret into it");
      } else {
        return Optional.of(new SecretText(file.name(), text));
      }
    } catch (IOException | InvalidPathException e) {
      String why = Shown.line(e.getClass().getSimpleName(), 60);
      file.problem("cannot be read (" + why + ")", "name a file that this user may read");
    }
    return Optional.empty();
  }
}
