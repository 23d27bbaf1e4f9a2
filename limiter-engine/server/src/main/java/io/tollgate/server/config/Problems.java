package io.tollgate.server.config;

import io.tollgate.server.text.Shown;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong with one file. */
final class Problems {

  /** A file with more is no file of ours; nobody reads on either. */
  private static final int MOST = 50;

  /** Names of the file stand in messages too: whatever they are, a problem stays one short line. */
  private static final int LONGEST = 400;

  private final List<ConfigProblem> listed = new ArrayList<>();
  private int further;
  private int invalid;

  void invalid(Position at, String pointer, String message, String fix) {
    invalid++;
    String shown = Shown.line(message, LONGEST);
    add(new ConfigProblem(at, pointer, shown, Shown.line(fix, LONGEST)));
  }

  /** An alias reads one piece of the file several times: it is wrong only once. */
  private void add(ConfigProblem problem) {
    boolean known =
        listed.stream()
            .anyMatch(p -> p.at().equals(problem.at()) && p.message().equals(problem.message()));
    if (known) {
      return;
    }
    if (listed.size() < MOST) {
      listed.add(problem);
    } else {
      further++;
    }
  }

  /** How often something wrong was met; grows only, so a reader can see whether it met any. */
  int invalidSoFar() {
    return invalid;
  }

  void throwIfAny(String fileName) {
    if (!listed.isEmpty()) {
      List<ConfigProblem> sorted =
          listed.stream().sorted(Comparator.comparing(ConfigProblem::at)).toList();
      throw new ConfigException(fileName, sorted, further);
    }
  }
}
