package io.tollgate.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.door.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is documented is what happens. */
class DocumentationTest {

  private static final Pattern HEADING =
      Pattern.compile("^## (.+)\n`(\\w+)`, (\\d{3})\\.", Pattern.MULTILINE);
  private static final Pattern HTTP = Pattern.compile("```http\n(.*?)\n```", Pattern.DOTALL);
  private static final Pattern HELD = Pattern.compile("(res|lea)_\\w{26}");
  private static final String SOME_ID = "dec_00000000000000000000000000";

  @TempDir private Path folder;

  private static String read(String file) throws IOException {
    String root = Objects.requireNonNull(System.getProperty("tollgate.root"), "tollgate.root");
    return Files.readString(Path.of(root, "docs", file));
  }

  @Test
  void everyCodeHasItsParagraphWithItsStatus() throws IOException {
    List<String> documented = new ArrayList<>();
    Matcher heading = HEADING.matcher(read("errors.md"));
    while (heading.find()) {
      // How a heading becomes an anchor where Markdown is shown.
      String anchor = heading.group(1).toLowerCase(Locale.ROOT).replace(' ', '-');
      documented.add(anchor + " " + heading.group(2) + " " + heading.group(3));
    }
    List<String> real = new ArrayList<>();
    for (ErrorCode code : ErrorCode.values()) {
      real.add(code.anchor() + " " + code.name() + " " + code.status());
    }
    assertEquals(real, documented);
  }

  @Test
  void everyExampleIsAnsweredAsWritten() throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher block = HTTP.matcher(read("http-api.md"));
    while (block.find()) {
      blocks.add(block.group(1));
    }
    assertTrue(blocks.size() >= 14 && blocks.size() % 2 == 0, blocks.size() + " blocks");
    try (TestDoor door =
            TestDoor.keeping(
                folder,
                NamespaceSpec.of("api_requests", List.of(TestDoor.perMinute(100))),
                NamespaceSpec.of("tiny", List.of(TestDoor.perMinute(1))),
                NamespaceSpec.of("visitors", List.of(TestDoor.perMinute(1))),
                NamespaceSpec.of("streams", List.of(TestDoor.atOnce(1))));
        Client client = door.client();
        Client admin = door.admin()) {
      Map<String, String> realIds = new HashMap<>();
      for (int i = 0; i < blocks.size(); i += 2) {
        String request = request(withIds(blocks.get(i), realIds));
        Client asked = request.contains("\nHost: localhost:8081\r") ? admin : client;
        Answer answer = asked.send(request).read();
        same(blocks.get(i + 1), answer);
        noteIds(blocks.get(i + 1), answer.body(), realIds);
      }
    }
  }

  /** A later example names what an earlier answer has given. */
  private static String withIds(String request, Map<String, String> realIds) {
    String named = request;
    for (Map.Entry<String, String> id : realIds.entrySet()) {
      named = named.replace(id.getKey(), id.getValue());
    }
    return named;
  }

  private static void noteIds(String example, String real, Map<String, String> realIds) {
    Matcher written = HELD.matcher(example);
    Matcher given = HELD.matcher(real);
    while (written.find() && given.find()) {
      realIds.put(written.group(), given.group());
    }
  }

  /** The example with the line ends of HTTP and a length, which every client adds. */
  private static String request(String example) {
    int blank = example.indexOf("\n\n");
    String head = blank < 0 ? example : example.substring(0, blank);
    String body = blank < 0 ? "" : example.substring(blank + 2);
    return head.replace("\n", "\r\n") + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  /** The example may leave out headers, and breaks lines; its ids are of another day. */
  private static void same(String example, Answer answer) {
    String[] parts = example.split("\n\n", 2);
    String[] head = parts[0].split("\n", -1);
    assertEquals(Integer.parseInt(head[0].substring(9, 12)), answer.status(), answer::body);
    for (int i = 1; i < head.length; i++) {
      String[] header = head[i].split(": ", 2);
      assertEquals(header[1], answer.header(header[0]), header[0]);
    }
    if (parts.length == 1) {
      assertEquals("", answer.body());
    } else {
      assertEquals(withoutIds(parts[1]).json(), withoutIds(answer.body()).json());
    }
  }

  private static Answer withoutIds(String body) {
    return new Answer(0, Map.of(), body.replaceAll("(dec|res|lea)_\\w{26}", SOME_ID));
  }
}
