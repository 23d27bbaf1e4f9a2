package io.tollgate.server.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.settings.LogLevel;
import io.tollgate.server.settings.Secret;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdminTokenTest {

  private static final String OPEN = "0.0.0.0";

  @TempDir Path temp;

  private Path folder;
  private Path file;

  @BeforeEach
  void nameThePlaces() {
    folder = temp.resolve("a/b");
    file = folder.resolve("admin-token");
  }

  private AdminToken resolve(String bind, String... more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("TOLLGATE_BIND", bind);
    environment.put("TOLLGATE_DATA_DIR", folder.toString());
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return AdminToken.resolve(Settings.of(Map.of(), environment));
  }

  private void write(String text) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aServerOfThisMachineThatAsksNobodyForATokenNeedsNoneAndKeepsNothing() {
    AdminToken none = resolve("127.0.0.1");
    assertEquals(Optional.empty(), none.token());
    assertEquals(List.of(), none.notes());
    assertFalse(Files.exists(folder));
  }

  @Test
  void whatTheOperatorSetIsTakenAndNothingIsKept() {
    AdminToken set = resolve(OPEN, "TOLLGATE_ADMIN_TOKEN", "hunter2");
    assertEquals(Optional.of(new Secret("hunter2")), set.token());
    assertEquals(List.of(), set.notes());
    assertFalse(Files.exists(folder));
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, ''", "127.0.0.1, hunter2", "::, hunter2"})
  void everyOtherServerMakesATokenShowsItOnceAndKeepsItToItself(String bind, String checkToken)
      throws IOException {
    AdminToken made = resolve(bind, "TOLLGATE_TOKEN", checkToken);
    String token = made.token().orElseThrow().value();
    assertTrue(token.matches("[A-Za-z0-9_-]{43}"), token);
    assertEquals(
        List.of(
            new AdminToken.Note(
                LogLevel.INFO,
                "Made the admin token, the bearer token of calls that change limits or counters."
                    + " It is kept in "
                    + file
                    + " and shown this once: "
                    + token)),
        made.notes());
    assertEquals(token + "\n", Files.readString(file));
    assertEquals("rw-------", mode(file));
    assertEquals("rwx------", mode(folder));

    AdminToken again = resolve(bind, "TOLLGATE_TOKEN", checkToken);
    assertEquals(made.token(), again.token());
    assertEquals(
        List.of(new AdminToken.Note(LogLevel.INFO, "The admin token is in " + file + ".")),
        again.notes());
  }

  @Test
  void twoFoldersHaveTwoTokens() {
    Optional<Secret> first = resolve(OPEN).token();
    assertNotEquals(
        first, resolve(OPEN, "TOLLGATE_DATA_DIR", temp.resolve("other").toString()).token());
  }

  @Test
  void serversThatStartAtOnceAgreeOnOneTokenAndShowItOnce() throws Exception {
    int servers = 8;
    try (ExecutorService pool = Executors.newFixedThreadPool(servers)) {
      List<Callable<AdminToken>> starts = new ArrayList<>();
      for (int i = 0; i < servers; i++) {
        starts.add(() -> resolve(OPEN));
      }
      long shown = 0;
      for (Future<AdminToken> start : pool.invokeAll(starts)) {
        assertEquals(Files.readString(file).strip(), start.get().token().orElseThrow().value());
        shown += start.get().notes().getFirst().text().contains("shown this once") ? 1 : 0;
      }
      assertEquals(1, shown);
    }
  }

  @Test
  void aFileThatIsJustBeingWrittenIsWaitedFor() throws Exception {
    write("");
    try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
      Future<AdminToken> start = pool.submit(() -> resolve(OPEN));
      Files.writeString(file, "hunter2\n");
      assertEquals(Optional.of(new Secret("hunter2")), start.get().token());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty",
    "'\n', is empty",
    "two words, holds no bearer token",
    "'a\nb\n', holds no bearer token",
    "ключ, holds no bearer token",
    "hunter2, holds the token of checks",
  })
  void aFileThatIsNoAdminTokenIsRefusedByNameAndLeftAlone(String text, String problem)
      throws IOException {
    write(text);
    assertEquals(
        List.of(file + " " + problem + "; remove the file, or set TOLLGATE_ADMIN_TOKEN"),
        assertThrows(SettingsException.class, () -> resolve(OPEN, "TOLLGATE_TOKEN", "hunter2"))
            .problems());
    assertEquals(text, Files.readString(file));
  }

  @Test
  void aFolderInTheFilesPlaceIsRefused() throws IOException {
    Files.createDirectories(file);
    assertThrows(SettingsException.class, () -> resolve(OPEN));
  }

  @ParameterizedTest
  @CsvSource({"rw-r-----", "rw----r--", "rw--w----"})
  void aFileThatOthersCanReachWarnsWithTheCommandThatHelps(String mode) throws IOException {
    write("hunter2");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    AdminToken kept = resolve(OPEN);
    assertEquals(Optional.of(new Secret("hunter2")), kept.token());
    assertEquals(LogLevel.WARN, kept.notes().getFirst().level());
    assertTrue(kept.notes().getFirst().text().endsWith("chmod 600 " + file));
    assertEquals(mode, mode(file));
  }

  @Test
  void withoutAUsableFolderTheTokenEndsWithTheServerAndAWarningShowsIt() throws IOException {
    Path noFolder = Files.writeString(temp.resolve("file"), "x");
    for (String name : List.of(noFolder.resolve("x").toString(), noFolder.toString(), "")) {
      AdminToken passing = resolve(OPEN, "TOLLGATE_DATA_DIR", name);
      String token = passing.token().orElseThrow().value();
      AdminToken.Note note = passing.notes().getFirst();
      assertEquals(LogLevel.WARN, note.level());
      assertTrue(note.text().endsWith(" Until this server ends it is: " + token), note.text());
      assertTrue(
          note.text().contains(name.isEmpty() ? "neither HOME nor" : "folder " + name),
          note.text());
      assertNotEquals(passing.token(), resolve(OPEN, "TOLLGATE_DATA_DIR", name).token());
    }
  }
}
