package io.tollgate.checks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Shows that each rule of {@link TidyTest} finds what it is for, and spares what it should. */
class TidyRulesTest {
  private static final String LONG = "x".repeat(101);

  @Test
  void longLineOfCodeIsFound() {
    assertEquals(List.of(2), lines(TextRules.longLines(java("// short\n// " + LONG + "\n"))));
    assertEquals(List.of(1), lines(TextRules.longLines(new Source("Makefile", LONG + "\n"))));
    assertEquals(List.of(2), lines(TextRules.longLines(new Source("mvnw", "#!/bin/sh\n" + LONG))));
  }

  @Test
  void proseImportsAndAddressesMayBeLong() {
    assertEquals(List.of(), TextRules.longLines(new Source("README.md", LONG)));
    assertEquals(List.of(), TextRules.longLines(java("import a." + LONG + ";\n")));
    assertEquals(List.of(), TextRules.longLines(java("// https://example.org/" + LONG + "\n")));
    assertEquals(
        List.of(1), lines(TextRules.longLines(java("// https://example.org/ " + LONG + "\n"))));
  }

  @Test
  void leftoverMarkerIsFound() {
    for (String marker : List.of("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) {
      assertEquals(List.of(1), lines(TextRules.markers(java("// " + marker + ": later\n"))));
    }
    assertEquals(List.of(), TextRules.markers(new Source("a.sh", "mktemp name.XXXX" + "XX\n")));
  }

  @Test
  void registryIsFoundButNotItsNeighbours() {
    Source source = new Source("a.xml", "<url>https://repo." + "maven.apache.org/maven2</url>\n");
    assertEquals(List.of(1), lines(TextRules.registries(source)));
    assertEquals(List.of(), TextRules.registries(new Source("p.xml", "maven.apache.org/POM\n")));
  }

  @Test
  void misplacedBlanksAreFound() {
    assertEquals(List.of(1), lines(TextRules.blanks(java("int a; \n"))));
    assertEquals(List.of(1), lines(TextRules.blanks(java("\tint a;\n"))));
    assertEquals(List.of(2), lines(TextRules.blanks(java("int a;\nint b;"))));
    assertTrue(TextRules.blanks(java("int a;\r\n")).toString().contains("carriage"));
    assertEquals(List.of(), TextRules.blanks(new Source("Makefile", "a:\n\ttrue\n")));
  }

  @Test
  void longFileIsFound() {
    assertEquals(List.of(), JavaRules.longFiles(List.of(java("\n".repeat(400)))));
    assertEquals(List.of(401), lines(JavaRules.longFiles(List.of(java("\n".repeat(401))))));
  }

  @Test
  void longMethodIsFoundAlsoInANestedClass() {
    assertEquals(List.of(), JavaRules.longMethods(List.of(method(68))));
    List<Finding> findings = JavaRules.longMethods(List.of(method(69)));
    assertEquals(List.of(3), lines(findings));
    assertTrue(findings.toString().contains("method run has 71 lines"), findings::toString);
  }

  @Test
  void undocumentedPackageIsFound() {
    Source main = new Source("m/src/main/java/a/A.java", "package a;\nclass A {}\n");
    assertTrue(JavaRules.packageDocs(List.of(main)).toString().contains("is missing"));

    Source bare = new Source("m/src/main/java/a/package-info.java", "package a;\n");
    assertEquals(2, JavaRules.packageDocs(List.of(main, bare)).size());

    Source good = new Source(bare.path(), "/**\n * Owns a.\n */\n@NullMarked\npackage a;\n");
    assertEquals(List.of(), JavaRules.packageDocs(List.of(main, good)));
  }

  @Test
  void brokenLinkIsFound() {
    Source page =
        new Source("docs/a.md", "# A b\n[x](gone.md) `[y](gone.md)` [z](../up.md#no)\n[w](#a-b)\n");
    Source up = new Source("up.md", "# Yes\n");
    List<Finding> findings = MarkdownRules.brokenLinks(List.of(page, up));
    assertEquals(List.of(2, 2), lines(findings));
    assertTrue(findings.toString().contains("docs/gone.md: no such file"), findings::toString);
    assertTrue(findings.toString().contains("#no: no such heading"), findings::toString);
  }

  @Test
  void unlinkedPageIsFound() {
    Source page = new Source("docs/a.md", "[self](a.md)\n");
    assertEquals(1, MarkdownRules.unreachablePages(List.of(page)).size());
    Source index = new Source("README.md", "[a](docs/a.md)\n");
    assertEquals(List.of(), MarkdownRules.unreachablePages(List.of(page, index)));
  }

  @Test
  void unusedFilesAreFound() {
    List<String> paths = List.of("tools/a.sh", "m/src/test/resources/limits/a.yaml");
    Source script = new Source("tools/a.sh", "#!/bin/sh\necho a.sh\n");
    assertEquals(1, UseRules.unusedScripts(paths, List.of(script)).size());
    assertEquals(1, UseRules.unusedTestResources(paths, List.of(script)).size());

    Source user = new Source("Makefile", "all:\n\ttools/a.sh\n");
    assertEquals(List.of(), UseRules.unusedScripts(paths, List.of(script, user)));
    Source test = new Source("m/src/test/java/A.java", "read(\"/limits/\" + name);\n");
    assertEquals(List.of(), UseRules.unusedTestResources(paths, List.of(test)));
  }

  @Test
  void floorCoversByGroupAndRefusesOlder() {
    Floor floor = Floor.parse(List.of("# why", "", "io.netty:*  4.2.18.Final  a hole")).getFirst();
    List<Library> libraries =
        Library.parse(
            "m",
            List.of(
                "The following files have been resolved:",
                "   io.netty:netty-common:jar:4.2.9.Final:compile -- module io.netty.common",
                "   io.netty:netty-epoll:jar:linux-x86_64:4.2.18.Final:runtime",
                "   org.other:netty-common:jar:1.0:test"));
    assertEquals(List.of(true, true, false), libraries.stream().map(floor::covers).toList());
    assertEquals(
        List.of(false, true), libraries.subList(0, 2).stream().map(floor::allows).toList());
    assertThrows(IllegalArgumentException.class, () -> Floor.parse(List.of("io.netty:* 4.2.18")));
  }

  private static Source java(String text) {
    return new Source("m/src/main/java/a/A.java", text);
  }

  /** A nested class with one method of this many lines of body. */
  private static Source method(int bodyLines) {
    return java("class A {\n class B {\n void run() {\n" + "\n".repeat(bodyLines) + " }\n }\n}\n");
  }

  private static List<Integer> lines(List<Finding> findings) {
    return findings.stream().map(Finding::line).toList();
  }
}
