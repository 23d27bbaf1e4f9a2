package io.tollgate.server.settings;

import io.tollgate.server.text.Shown;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Where settings are read from: flags, then environment; collects what is wrong. */
final class Source {

  /**
   * A value as somebody set it.
   *
   * @param name the flag or variable that it was set by
   */
  record Setting(String name, String text, Source source) {

    /** Reports that the value is wrong. */
    void problem(String what, String fix) {
      source.problem(name + "=" + Shown.line(text, 60) + " " + what + "; " + fix);
    }

    /** A whole number between bounds; empty when it is none, which is reported. */
    Optional<Long> wholeNumber(long least, long most) {
      if (text.matches("[0-9]{1,18}")) {
        long number = Long.parseLong(text);
        if (number >= least && number <= most) {
          return Optional.of(number);
        }
      }
      problem("is not a number from " + least + " to " + most, "write one");
      return Optional.empty();
    }

    /**
     * The path of something, which need not be there; empty when it is none, which is reported.
     *
     * @param what what is there, with its article
     */
    Optional<Path> path(String what) {
      try {
        return Optional.of(Path.of(text));
      } catch (InvalidPathException e) {
        problem("is not a path", "write the path of " + what);
        return Optional.empty();
      }
    }
  }

  private final Map<String, String> flags;
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  Source(Map<String, String> flags, Map<String, String> environment) {
    this.flags = Map.copyOf(flags);
    this.environment = new TreeMap<>(environment);
    // An empty variable is what a deployment leaves that wants none.
    this.environment.values().removeIf(String::isEmpty);
  }

  /** The variables that are set and not empty, by name, in order. */
  Map<String, String> environment() {
    return environment;
  }

  Optional<Setting> value(Variable variable) {
    Optional<Setting> flag =
        variable
            .flag()
            .flatMap(name ->
                Optional.ofNullable(flags.get(name)).map(text -> new Setting(name, text, this)));
    return flag.or(() -> variable(variable.variableName()));
  }

  /** What sets a variable: its flag, itself, or for a secret what names its file. */
  Optional<Setting> given(Variable variable) {
    return value(variable)
        .or(() ->
            variable.secret() ? variable(variable.variableName() + "_FILE") : Optional.empty());
  }

  Optional<Setting> variable(String name) {
    return Optional.ofNullable(environment.get(name)).map(text -> new Setting(name, text, this));
  }

  void problem(String text) {
    problems.add(text);
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }
}
