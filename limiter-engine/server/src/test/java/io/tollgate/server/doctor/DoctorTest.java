package io.tollgate.server.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.doctor.Finding.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoctorTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final String OTHER_SECRET = "fedcba9876543210fedcba9876543210";

  @TempDir Path temp;

  private Patient patient;

  @BeforeEach
  void describeASoundMachine() {
    patient = new Patient(temp);
  }

  private Path write(String name, String text, String mode) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  @Test
  void aServerWithoutSettingsIsWell() {
    List<Finding> findings = patient.findings();
    assertEquals(Verdict.OK, new Report(findings).verdict(), findings.toString());
    assertEquals(
        Set.of(
            "settings",
            "limits",
            "port of checks",
            "admin port",
            "gRPC port",
            "RESP port",
            "check token",
            "admin token",
            "hash key",
            "trusted proxies",
            "data folder",
            "API namespaces",
            "TLS",
            "memory",
            "java",
            "clock"),
        findings.stream().map(Finding::check).collect(Collectors.toSet()));
  }

  @Test
  void theSettingsThatAreGivenAreNamedWithoutTheirValues() throws IOException {
    Path file = write("token", SECRET, "rw-------");
    patient.with("TOLLGATE_TOKEN_FILE", file).with("TOLLGATE_HASH_KEY", OTHER_SECRET);
    patient.requireWell(
        "settings",
        "TOLLGATE_HTTP_PORT, TOLLGATE_GRPC_PORT, TOLLGATE_ADMIN_PORT, TOLLGATE_TOKEN_FILE,"
            + " TOLLGATE_HASH_KEY, TOLLGATE_DATA_DIR are set");
  }

  @Test
  void eachWrongSettingIsAFindingWithItsFixAndTheMachineIsExaminedAllTheSame() {
    patient.with("TOLLGATE_TOKN", "x").with("LOG_LEVEL", "loud");
    List<Finding> wrong = patient.findings("settings");
    assertEquals(
        List.of(
            Finding.wrong(
                "settings",
                "TOLLGATE_TOKN is not a setting of this server",
                "did you mean TOLLGATE_TOKEN?"),
            Finding.wrong(
                "settings", "LOG_LEVEL=loud is not a level", "use debug, info, warn or error")),
        wrong);
    assertEquals(1, patient.findings("clock").size());
  }

  @Test
  void theLimitsFileIsReadAndItsNamespacesCounted() throws IOException {
    String yaml = "version: 1\nnamespaces: {a: {limits: []}, b: {limits: []}}\n";
    Path file = write("limits.yaml", yaml, "rw-r--r--");
    patient.with("TOLLGATE_LIMITS", file).requireWell("limits", file + " holds 2 namespaces");
    Files.writeString(file, yaml.replace("version: 1", "version: 2"));
    patient.requireOnly(
        "limits",
        Verdict.WRONG,
        patient.findings("limits").getFirst().text(),
        "run: tollgate check-config " + file);
    assertTrue(patient.findings("limits").getFirst().text().startsWith(file + ":1:10: version"));
  }

  @Test
  void anOpenServerWarnsOfItsTokenAndOfPlainText() {
    List<String> warnings =
        patient.with("TOLLGATE_BIND", "0.0.0.0").findings().stream()
            .filter(finding -> finding.verdict() != Verdict.OK)
            .map(finding -> finding.verdict() + " " + finding.check())
            .toList();
    assertEquals(List.of("WARNING check token", "WARNING TLS"), warnings);
  }

  @ParameterizedTest
  @CsvSource({
    "TOLLGATE_TOKEN, check token",
    "TOLLGATE_ADMIN_TOKEN, admin token",
  })
  void aShortTokenWarns(String name, String check) {
    patient
        .with("TOLLGATE_ADMIN_TOKEN", OTHER_SECRET)
        .with(name, "hunter2")
        .requireOnly(
            check,
            Verdict.WARNING,
            name + " has fewer than 16 characters",
            "make one with: openssl rand -hex 32");
  }

  @Test
  void aSecretsFileThatEverybodyReadsWarns() throws IOException {
    Path file = write("token", SECRET, "rw-r--r--");
    patient
        .with("TOLLGATE_TOKEN_FILE", file)
        .with("TOLLGATE_ADMIN_TOKEN", OTHER_SECRET)
        .requireOnly(
            "secret file",
            Verdict.WARNING,
            "every user of this machine can read the file of TOLLGATE_TOKEN_FILE",
            "run: chmod 600 " + file);
  }

  @Test
  void theAdminTokensFileIsFoundButNotMade() throws IOException {
    Path file = temp.resolve("data/admin-token");
    patient.with("TOLLGATE_TOKEN", SECRET);
    patient.requireWell("admin token", "the first start makes one and keeps it in " + file);
    assertFalse(Files.exists(file.getParent()));
    write("data/admin-token", OTHER_SECRET + "\n", "rw-------");
    patient.requireWell("admin token", "it is in " + file);
    write("data/admin-token", OTHER_SECRET, "rw-r-----");
    patient.requireOnly(
        "admin token",
        Verdict.WARNING,
        "other users can read or change " + file,
        "run: chmod 600 " + file);
  }

  @ParameterizedTest
  @CsvSource({
    "'', is empty",
    "two words, holds no bearer token",
    SECRET + ", holds the token of checks",
  })
  void anAdminTokensFileThatStopsAStartIsWrong(String text, String what) throws IOException {
    Path file = write("data/admin-token", text, "rw-------");
    patient
        .with("TOLLGATE_TOKEN", SECRET)
        .requireOnly(
            "admin token",
            Verdict.WRONG,
            file + " " + what,
            "remove the file, or set TOLLGATE_ADMIN_TOKEN");
  }

  @Test
  void withoutADataFolderTwoWarningsSayWhatIsLost() {
    List<Finding> warnings =
        patient.without("TOLLGATE_DATA_DIR").with("TOLLGATE_TOKEN", SECRET).findings().stream()
            .filter(finding -> finding.verdict() == Verdict.WARNING)
            .toList();
    assertEquals(
        List.of("admin token", "data folder"), warnings.stream().map(Finding::check).toList());
  }

  @Test
  void aChosenDataFolderThatCannotBeIsWrongAndAnUnchosenOneWarns() throws IOException {
    Path file = write("file", "", "rw-------");
    String what = file + " is no folder";
    String fix = "set TOLLGATE_DATA_DIR to a folder that this user may write";
    patient
        .with("TOLLGATE_DATA_DIR", file.resolve("data"))
        .requireOnly("data folder", Verdict.WRONG, what, fix);
    patient
        .without("TOLLGATE_DATA_DIR")
        .with("XDG_DATA_HOME", file)
        .requireOnly("data folder", Verdict.WARNING, what, fix);
  }

  @Test
  void theNamespacesOfTheApiAreCountedAndADamagedFileIsWrong() throws IOException {
    write("data/namespaces.json", "{\"version\":1,\"namespaces\":{}}", "rw-------");
    patient.requireWell("API namespaces", "none");
    Path file = write("data/namespaces.json", "{\"version\":1,", "rw-------");
    List<String> before = everything();
    Finding wrong = patient.findings("API namespaces").getFirst();
    assertEquals(Verdict.WRONG, wrong.verdict());
    assertTrue(wrong.text().startsWith(file + ": "), wrong.toString());
    assertTrue(wrong.fix().orElseThrow().startsWith("restore it from a copy"), wrong.toString());
    assertEquals(before, everything());
  }

  @Test
  void aDataFolderThatOthersMayWriteWarns() throws IOException {
    Path data = Files.createDirectories(temp.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwx---"));
    patient.requireOnly(
        "data folder", Verdict.WARNING, "other users may write " + data, "run: chmod go-w " + data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1024", "20199"})
  void tooFewOpenFilesWarn(String limit) throws IOException {
    write("proc/self/limits", limits(limit), "r--r--r--");
    patient.requireOnly(
        "open files",
        Verdict.WARNING,
        limit + " allowed, too few for 20000 connections, so some will be refused",
        "run: ulimit -n 20200 (systemd: LimitNOFILE=20200), or lower TOLLGATE_MAX_CONNECTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"20200", "524288", "unlimited"})
  void enoughOpenFilesAreWell(String limit) throws IOException {
    write("proc/self/limits", limits(limit), "r--r--r--");
    patient.requireWell("open files", limit + " allowed, enough for 20000 connections");
  }

  private static String limits(String openFiles) {
    return """
    Limit                     Soft Limit           Hard Limit           Units
    Max processes             7                    7                    processes
    Max open files            1024                 %-20s files
    """
        .formatted(openFiles);
  }

  @Test
  void aHeapThatIsSmallOrLargerThanWhatIsLeftWarns() throws IOException {
    patient
        .heap(16 << 20)
        .requireOnly(
            "memory",
            Verdict.WARNING,
            "a heap of up to 16 MiB is small",
            "set JAVA_OPTS=-Xmx64m or give the container more memory");
    write("proc/meminfo", "MemTotal: 9 kB\nMemAvailable:     524288 kB\n", "r--r--r--");
    patient
        .heap(1L << 30)
        .requireOnly(
            "memory",
            Verdict.WARNING,
            "a heap of up to 1024 MiB, but the machine has 512 MiB left",
            "set JAVA_OPTS=-Xmx256m");
  }

  @Test
  void anOldJavaWarnsAndAClockBeforeItIsWrong() {
    patient
        .at(Instant.parse("2027-04-22T00:00:00Z"))
        .requireOnly(
            "java",
            Verdict.WARNING,
            "25.0.3, of 2026-04-21: a year of fixes is missing",
            "install the newest update of Java 25, or of Tollgate, which brings one");
    String fix = "set the machine's clock, best by NTP: calendar windows and TLS depend on it";
    patient
        .at(Instant.EPOCH)
        .requireOnly(
            "clock", Verdict.WRONG, "it says 1970-01-01, but this Java is of 2026-04-21", fix);
    assertEquals(
        List.of(Finding.wrong("clock", "it says 2101-01-01", fix)),
        patient.at(Instant.parse("2101-01-01T00:00:00Z")).findings("clock"));
  }

  @Test
  void nothingOnDiskChangesAndNoSecretIsShown() throws IOException {
    Path token = write("token", SECRET, "rw-r--r--");
    write("data/admin-token", OTHER_SECRET, "rw-r--r--");
    patient.with("TOLLGATE_TOKEN_FILE", token).with("TOLLGATE_BIND", "0.0.0.0");
    List<String> before = everything();
    Report report = new Report(patient.findings());
    assertEquals(before, everything());
    assertEquals(Verdict.WARNING, report.verdict());
    for (String text : List.of(report.text(), report.json())) {
      assertFalse(text.contains(SECRET), text);
      assertFalse(text.contains(OTHER_SECRET), text);
    }
  }

  private List<String> everything() throws IOException {
    List<String> all = new ArrayList<>();
    try (Stream<Path> files = Files.walk(temp)) {
      for (Path file : new TreeSet<>(files.toList())) {
        all.add(file + " " + Files.readAttributes(file, "unix:mode,ctime,size"));
      }
    }
    return all;
  }
}
