package io.tollgate.server.settings;

import static io.tollgate.server.settings.SomeSettings.problems;
import static io.tollgate.server.settings.SomeSettings.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSettingsTest {

  private static final String KEY = "00112233445566778899aAbBcCdDeEfF";

  @Test
  void aSecretMayComeFromAFileWithoutItsNewline(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), "from-file\n");
    assertEquals(
        Optional.of(new Secret("from-file")),
        settings("TOLLGATE_TOKEN_FILE", file.toString()).secrets().checkToken());
  }

  @Test
  void aSecretsFileThatCannotBeUsedIsRefused(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("missing");
    Path empty = Files.writeString(folder.resolve("empty"), "\n");
    Path large = Files.writeString(folder.resolve("large"), "x".repeat(8193));
    String name = "TOLLGATE_TOKEN_FILE";
    assertTrue(
        problems(name, missing.toString()).getFirst().contains("cannot be read (NoSuchFile"));
    assertTrue(problems(name, empty.toString()).getFirst().contains("is an empty file"));
    assertTrue(problems(name, large.toString()).getFirst().contains("holds more than 8192 bytes"));
    assertEquals(
        List.of("TOLLGATE_TOKEN and TOLLGATE_TOKEN_FILE are both set; unset one of the two"),
        problems(name, empty.toString(), "TOLLGATE_TOKEN", "x"));
  }

  @Test
  void aSecretIsNeverShown() {
    assertEquals(
        List.of(
            "TOLLGATE_TOKEN holds a character that no bearer token has;"
                + " use letters, digits and . _ ~ + / - only",
            "TOLLGATE_ADMIN_TOKEN holds a character that no bearer token has;"
                + " use letters, digits and . _ ~ + / - only",
            "TOLLGATE_HASH_KEY is not 32 hex digits; make one with: openssl rand -hex 16"),
        problems(
            "TOLLGATE_TOKEN", "hunter 2",
            "TOLLGATE_ADMIN_TOKEN", "hunter,2",
            "TOLLGATE_HASH_KEY", "hunter2"));
    Settings settings =
        settings(
            "TOLLGATE_TOKEN", "hunter2",
            "TOLLGATE_ADMIN_TOKEN", "hunter2s-boss",
            "TOLLGATE_HASH_KEY", KEY);
    assertFalse(settings.toString().contains("hunter2"), settings.toString());
    assertFalse(settings.toString().contains("1122"), settings.toString());
    long high = settings.secrets().hashKey().orElseThrow().high();
    assertFalse(settings.toString().contains(Long.toString(high)), settings.toString());
  }
}
