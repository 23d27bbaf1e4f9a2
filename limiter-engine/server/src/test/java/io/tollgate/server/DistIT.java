package io.tollgate.server;

import static io.tollgate.server.TollgateProcess.port;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** The distribution, made as {@code make dist} and the image make it, and used as users do. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class DistIT {

  private static final Path ROOT = Path.of(System.getProperty("tollgate.root"));

  private static final String CACHE_IS_USED = "Using AOT-linked classes: true";

  @TempDir static Path shared;

  private static Path dist = Path.of("");
  private static String printed = "";

  @TempDir Path folder;

  @BeforeAll
  static void make() throws Exception {
    // A blank and a letter of another script: nobody promised us an easy name.
    dist = shared.resolve("dist für alle");
    Path out = shared.resolve("out.txt");
    Process making =
        new ProcessBuilder(ROOT.resolve("tools/dist.sh").toString(), dist.toString())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = making.waitFor(240, TimeUnit.SECONDS);
    if (!ended) {
      making.destroyForcibly();
    }
    printed = Files.readString(out);
    assertTrue(ended && making.exitValue() == 0, printed);
  }

  /** Copies with the times of the files, which the JVM may compare with those in its cache. */
  private static void copy(Path from, Path to) throws Exception {
    Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
    assertEquals(0, copying.waitFor());
  }

  /** What the JVM says of its cache while a distribution prints its version. */
  private String aboutTheCache(Path home) throws Exception {
    Map<String, String> environment = Map.of("JAVA_OPTS", "-Xlog:aot=info:stderr");
    List<String> command = List.of(home.resolve("bin/tollgate").toString(), "--version");
    try (var tollgate = TollgateProcess.start(folder, environment, command)) {
      assertTrue(tollgate.line().startsWith("tollgate "));
      assertEquals(0, tollgate.exitCode());
      return tollgate.err();
    }
  }

  @Test
  void sizesTimeAndMemoryArePrinted() {
    for (String figure :
        List.of(
            "\\d+ KiB  \\S.*/runtime",
            "\\d+ KiB  \\S.*/lib",
            "first answer after a start: \\d+ ms",
            "memory when idle: \\d+ MiB resident")) {
      assertTrue(Pattern.compile(figure).matcher(printed).find(), figure + " in " + printed);
    }
  }

  @Test
  void itRunsWithoutAnyOtherJavaAndAnswersChecks() throws Exception {
    Map<String, String> environment = Map.of("TOLLGATE_HTTP_PORT", "0", "TOLLGATE_ADMIN_PORT", "0");
    List<String> command = List.of(dist.resolve("bin/tollgate").toString(), "serve");
    try (var tollgate = TollgateProcess.start(folder, environment, command)) {
      int port = port(tollgate.line(), "http");
      assertEquals(200, TollgateProcess.check(port, "api_requests").statusCode());
      tollgate.terminate();
      assertEquals(0, tollgate.exitCode());
    }
  }

  @Test
  void aCopyReachedThroughALinkUsesTheCache() throws Exception {
    Path copy = folder.resolve("copy");
    copy(dist, copy);
    Path link = folder.resolve("link");
    Files.createSymbolicLink(link, copy.resolve("bin/tollgate"));
    Path bin = Files.createDirectories(folder.resolve("usr/bin"));
    Files.createSymbolicLink(bin.resolve("tollgate"), Path.of("../../link"));
    String said = aboutTheCache(folder.resolve("usr"));
    assertTrue(said.contains(CACHE_IS_USED), said);
  }

  @Test
  void aChangedAnAddedAndARemovedLibraryEndTheCachesUse() throws Exception {
    Path copy = folder.resolve("copy");
    copy(dist, copy);
    Path libraries = copy.resolve("lib/standalone");
    assertTrue(aboutTheCache(copy).contains(CACHE_IS_USED));

    Path added = Files.createFile(libraries.resolve("added.jar"));
    assertFalse(aboutTheCache(copy).contains(CACHE_IS_USED), "added");
    Files.delete(added);
    assertTrue(aboutTheCache(copy).contains(CACHE_IS_USED), "as it was");

    Path moved = folder.resolve("moved.jar");
    Path yaml = library(libraries, "snakeyaml-engine");
    Files.move(yaml, moved);
    assertFalse(aboutTheCache(copy).contains(CACHE_IS_USED), "removed");
    Files.move(moved, yaml);

    // Java reads an archive with a byte too many behind its end.
    FileTime time = Files.getLastModifiedTime(yaml);
    Files.write(yaml, new byte[1], StandardOpenOption.APPEND);
    Files.setLastModifiedTime(yaml, time);
    assertFalse(aboutTheCache(copy).contains(CACHE_IS_USED), "changed");
  }

  @Test
  void aCopyWithOtherTimesStartsWithTheCacheOrWithout() throws Exception {
    Path copy = folder.resolve("copy");
    copy(dist, copy);
    try (var libraries = Files.list(copy.resolve("lib/standalone"))) {
      for (Path library : libraries.toList()) {
        Files.setLastModifiedTime(library, FileTime.fromMillis(0));
      }
    }
    assertFalse(aboutTheCache(copy).contains("[error]"));
  }

  private static Path library(Path libraries, String name) throws IOException {
    try (var all = Files.list(libraries)) {
      return all.filter(path -> path.getFileName().toString().startsWith(name))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void whoChoosesWhatTheCacheDoesNotFitIsServedWithoutWarnings() throws Exception {
    for (String options :
        List.of("-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders", "-XX:AOTMode=off", "-Xshare:off")) {
      List<String> command = List.of(dist.resolve("bin/tollgate").toString(), "--version");
      try (var tollgate = TollgateProcess.start(folder, Map.of("JAVA_OPTS", options), command)) {
        assertTrue(tollgate.line().startsWith("tollgate "));
        assertEquals(0, tollgate.exitCode());
        assertEquals("", tollgate.err(), options);
      }
    }
  }

  @Test
  void theImageIsMadeByTheSameCommandsAndHoldsNothingElse() throws IOException {
    String dockerfile = Files.readString(ROOT.resolve("Dockerfile"));
    String stage = dockerfile.substring(dockerfile.lastIndexOf("FROM "));
    assertTrue(dockerfile.contains("make dist\n"));
    assertEquals("/src/dist /opt/tollgate", one("COPY --from=build (.*)", stage));
    String launcher = one("ENTRYPOINT \\[\"/opt/tollgate/(.*)\"\\]", stage);
    assertTrue(Files.isExecutable(dist.resolve(launcher)), launcher);
    assertTrue(Integer.parseInt(one("USER (.*)", stage)) > 0);
    assertEquals("0.0.0.0", one("TOLLGATE_BIND=(\\S+)", stage));
    assertEquals(one("VOLUME (.*)", stage), one("TOLLGATE_DATA_DIR=(\\S+)", stage));
    assertEquals("serve", one("CMD \\[\"(.*)\"\\]", stage));
  }

  private static String one(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), pattern + " in " + text);
    return matcher.group(1);
  }

  /** Help, errors and the doctor send their reader to these pages. */
  @Test
  void everyPageThatTheProgramNamesIsThere() throws IOException {
    Set<String> pages = new TreeSet<>();
    try (var sources = Files.walk(ROOT.resolve("limiter-engine/server/src/main/java"))) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        Pattern.compile("docs/[a-z-]+\\.md")
            .matcher(Files.readString(source))
            .results()
            .forEach(page -> pages.add(page.group()));
      }
    }
    assertTrue(pages.contains("docs/limits-file.md"), () -> "found " + pages);
    pages.forEach(page -> assertTrue(Files.isRegularFile(dist.resolve(page)), page));
  }

  @Test
  void everybodyMayRunItAndNobodyElseMayChangeIt() throws IOException {
    try (var all = Files.walk(dist)) {
      for (Path path : all.filter(path -> !Files.isSymbolicLink(path)).toList()) {
        String rights = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        assertEquals("r--r--", rights.substring(3).replace('x', '-'), path + ": " + rights);
      }
    }
  }
}
