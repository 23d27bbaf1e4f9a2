package io.tollgate.server.limits;

import io.tollgate.server.config.ConfigException;
import java.nio.file.Path;

/** Something that an operator wants to read in the log. */
public sealed interface LimitsEvent {

  /** The event in words. */
  String text();

  /** Whether something is wrong, so that somebody should act. */
  default boolean isWarning() {
    return switch (this) {
      case Reloaded _, Recovered _, Uncovered _ -> false;
      case Refused _, Shadowed _, DataFolderInUse _, DataFolderReadOnly _ -> true;
    };
  }

  /**
   * A changed file is in force.
   *
   * @param namespaces how many it has
   */
  record Reloaded(Path file, int namespaces) implements LimitsEvent {
    @Override
    public String text() {
      return file + ": reloaded, namespaces: " + namespaces;
    }
  }

  /** A changed file cannot be used; what was in force stays. */
  record Refused(ConfigException problems) implements LimitsEvent {
    @Override
    public String text() {
      return problems.getMessage() + "\n" + problems.fileName() + ": the limits before it stay";
    }
  }

  /** A file that could not be used holds again what has been in force all the time. */
  record Recovered(Path file) implements LimitsEvent {
    @Override
    public String text() {
      return file + ": holds again the limits that are in force";
    }
  }

  /** The file has a namespace that was made through the API, too: the file's is in force. */
  record Shadowed(String namespace, Path file) implements LimitsEvent {
    @Override
    public String text() {
      return "namespace "
          + namespace
          + ": "
          + file
          + " has one of this name, which is in force; the one made through the API is kept aside";
    }
  }

  /** The file has given up a name: the namespace that was made through the API is in force. */
  record Uncovered(String namespace, Path file) implements LimitsEvent {
    @Override
    public String text() {
      return "namespace "
          + namespace
          + ": "
          + file
          + " has none of this name any more; the one made through the API is in force again";
    }
  }

  /** Another server keeps its namespaces in the data folder: this one only reads them. */
  record DataFolderInUse(Path folder) implements LimitsEvent {
    @Override
    public String text() {
      return DataFolder.inUse(folder) + "; " + DataFolder.OWN_FOLDER;
    }
  }

  /** The data folder can be read but not written: its namespaces count, and cannot be changed. */
  record DataFolderReadOnly(Path folder, String why) implements LimitsEvent {
    @Override
    public String text() {
      return folder + ": namespaces cannot be changed through the API: " + why;
    }
  }
}
