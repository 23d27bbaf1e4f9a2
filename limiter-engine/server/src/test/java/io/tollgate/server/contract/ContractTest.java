package io.tollgate.server.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.FileDescriptor;
import io.tollgate.limiter.proto.EnvoyMethods;
import io.tollgate.limiter.proto.LimiterMethods;
import io.tollgate.server.Markdown;
import io.tollgate.server.openapi.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The contracts against their last committed version: whoever calls today calls tomorrow. With
 * {@code -Dtollgate.contract.write=true} what is new is added to the lists; what is gone is never
 * taken out of them.
 */
class ContractTest {

  private static final Path FOLDER =
      Path.of(
          System.getProperty("tollgate.root"), "limiter-engine/server/src/test/resources/contract");

  private static void assertKept(String name, SortedSet<String> now) throws IOException {
    Path file = FOLDER.resolve(name);
    SortedSet<String> committed =
        Files.exists(file) ? new TreeSet<>(Files.readAllLines(file)) : new TreeSet<>();
    if (Boolean.getBoolean("tollgate.contract.write")) {
      committed.addAll(now);
      Files.write(file, committed);
    }
    SortedSet<String> gone = new TreeSet<>(committed);
    gone.removeAll(now);
    assertEquals(
        "",
        String.join("\n", gone),
        "is promised in " + name + " and gone; keep it, and add what is new beside it");
    SortedSet<String> added = new TreeSet<>(now);
    added.removeAll(committed);
    assertEquals(
        "",
        String.join("\n", added),
        "is new: tell it in CHANGELOG.md, and run this test with -Dtollgate.contract.write=true");
  }

  private static SortedSet<String> proto(FileDescriptor file) {
    return GrpcContract.lines(file);
  }

  @Test
  void nothingOfHttpIsGone() throws IOException {
    assertKept("http.txt", HttpContract.lines(ApiDocument.get().root()));
  }

  @Test
  void nothingOfGrpcIsGone() throws IOException {
    assertKept("grpc.txt", proto(LimiterMethods.file().getFileDescriptor()));
    assertKept("envoy.txt", proto(EnvoyMethods.file().getFileDescriptor()));
  }

  @Test
  void theChangelogTellsOfTheNextVersion() throws IOException {
    List<String> headings =
        Markdown.page("CHANGELOG.md")
            .text()
            .lines()
            .filter(line -> line.startsWith("## "))
            .toList();
    assertTrue(headings.getFirst().equals("## Unreleased"), headings::toString);
  }
}
