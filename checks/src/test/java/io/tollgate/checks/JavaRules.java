package io.tollgate.checks;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Rules about Java files: their length, their methods' length, their packages' docs. */
final class JavaRules {
  static final int MAX_FILE_LINES = 400;
  static final int MAX_METHOD_LINES = 70;

  private static final String PACKAGE_INFO = "package-info.java";

  /** A doc comment whose first text goes on to a full stop. */
  private static final Pattern FIRST_SENTENCE =
      Pattern.compile("/\\*\\*[\\s*]*+[^\\s*@<][^@]*?\\.(\\s|\\*/)", Pattern.DOTALL);

  private static final Pattern NULL_MARKED = Pattern.compile("(?m)^@NullMarked$");

  private JavaRules() {}

  static List<Finding> longFiles(List<Source> sources) {
    List<Finding> findings = new ArrayList<>();
    for (Source source : sources) {
      int lines = source.lines().size();
      if (source.isJava() && lines > MAX_FILE_LINES) {
        findings.add(
            new Finding(
                source.path(), lines, lines + " lines; split it, " + MAX_FILE_LINES + " may be"));
      }
    }
    return findings;
  }

  /**
   * Every package of main sources that has classes needs a documented, null-marked package-info.
   */
  static List<Finding> packageDocs(List<Source> sources) {
    Map<String, List<Source>> packages =
        sources.stream()
            .filter(source -> source.isJava() && source.path().contains("/src/main/java/"))
            .collect(Collectors.groupingBy(JavaRules::folder, TreeMap::new, Collectors.toList()));
    List<Finding> findings = new ArrayList<>();
    packages.forEach((folder, files) -> {
      String path = folder + "/" + PACKAGE_INFO;
      files.stream()
          .filter(file -> file.name().equals(PACKAGE_INFO))
          .findFirst()
          .ifPresentOrElse(
              info -> findings.addAll(packageInfo(info)),
              () ->
                  findings.add(
                      new Finding(path, 1, "is missing; say what the package owns, in it")));
    });
    return findings;
  }

  /** Lengths from the compiler's own tree: from the first modifier to the closing brace. */
  static List<Finding> longMethods(List<Source> sources) {
    List<Finding> findings = new ArrayList<>();
    List<SourceObject> files =
        sources.stream().filter(Source::isJava).map(SourceObject::new).toList();
    if (files.isEmpty()) {
      return findings;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task = (JavacTask) compiler.getTask(null, null, null, null, null, files);
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        new MethodLengths(unit, positions, findings).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("parsing the Java sources", e);
    }
    return findings;
  }

  private static String folder(Source source) {
    return source.path().substring(0, source.path().lastIndexOf('/'));
  }

  private static List<Finding> packageInfo(Source info) {
    List<Finding> findings = new ArrayList<>();
    if (!FIRST_SENTENCE.matcher(info.text()).find()) {
      findings.add(
          new Finding(
              info.path(), 1, "has no first sentence; say what the package is, with a dot"));
    }
    if (!NULL_MARKED.matcher(info.text()).find()) {
      findings.add(new Finding(info.path(), 1, "lacks @NullMarked; add it"));
    }
    return findings;
  }

  private static final class MethodLengths extends TreeScanner<@Nullable Void, @Nullable Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<Finding> findings;

    MethodLengths(CompilationUnitTree unit, SourcePositions positions, List<Finding> findings) {
      this.unit = unit;
      this.positions = positions;
      this.findings = findings;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      LineMap map = unit.getLineMap();
      long first = map.getLineNumber(positions.getStartPosition(unit, method));
      long last = map.getLineNumber(positions.getEndPosition(unit, method));
      long lines = last - first + 1;
      if (lines > MAX_METHOD_LINES) {
        findings.add(
            new Finding(
                unit.getSourceFile().toUri().getPath().substring(1),
                Math.toIntExact(first),
                "method %s has %d lines; split it, %d may be"
                    .formatted(method.getName(), lines, MAX_METHOD_LINES)));
      }
      return super.visitMethod(method, null);
    }
  }

  /** A source in memory, as the compiler wants it. */
  private static final class SourceObject extends SimpleJavaFileObject {
    private final String text;

    SourceObject(Source source) {
      super(URI.create("text:///" + source.path()), Kind.SOURCE);
      this.text = source.text();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
