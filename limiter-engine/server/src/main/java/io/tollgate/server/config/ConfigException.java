package io.tollgate.server.config;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown when a file cannot be used; holds all that is wrong with it, in the file's order. */
public final class ConfigException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final String fileName;
  private final transient List<ConfigProblem> problems;
  private final int further;

  /**
   * The refusal of a file.
   *
   * @param problems at least one
   * @param further how many more there are that are not listed
   */
  ConfigException(String fileName, List<ConfigProblem> problems, int further) {
    super(null, null, false, false);
    this.fileName = fileName;
    this.problems = List.copyOf(problems);
    this.further = further;
  }

  /** The refusal of a file as a whole, by somebody who knows more than the file. */
  public static ConfigException wholeFile(String fileName, String message, String fix) {
    ConfigProblem problem = new ConfigProblem(Position.WHOLE_FILE, "", message, fix);
    return new ConfigException(fileName, List.of(problem), 0);
  }

  /** All of it as people and editors read it, a line for each problem. */
  @Override
  public String getMessage() {
    String lines = problems.stream().map(p -> p.text(fileName)).collect(Collectors.joining("\n"));
    return further == 0
        ? lines
        : lines + "\n" + fileName + ": and " + further + " further problems";
  }

  /** The file as it was named by whoever asked for it. */
  public String fileName() {
    return fileName;
  }

  /** What is wrong, in the file's order. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  /** How many more problems there are that are not listed. */
  public int further() {
    return further;
  }
}
