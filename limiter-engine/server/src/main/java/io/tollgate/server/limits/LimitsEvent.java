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
      case DataFolderUnused _, NamespacesUnknown _, NamespaceUnreadable _, NamespacesPutBack _ ->
          true;
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

  /** The data folder holds namespaces that do not count, since those in Redis do. */
  record DataFolderUnused(Path folder) implements LimitsEvent {
    @Override
    public String text() {
      return folder
          + ": holds namespaces that do not count here, since those made through the API are in"
          + " Redis; make them again through the API, or move them away";
    }
  }

  /** Namespaces made through the API are in Redis, which cannot be read yet. */
  record NamespacesUnknown(String why) implements LimitsEvent {
    @Override
    public String text() {
      return "namespaces made through the API are not known until Redis can be read: " + why;
    }
  }

  /** Another instance has made a namespace that this one cannot read. */
  record NamespaceUnreadable(String namespace, ConfigException why, boolean known)
      implements LimitsEvent {
    @Override
    public String text() {
      return "namespace "
          + namespace
          + " was made by an instance of another version and cannot be read here: "
          + why.getMessage()
          + (known ? "; the one before it stays in force here" : "; it is not in force here");
    }
  }

  /** Redis had lost all namespaces, and was given those of this instance. */
  record NamespacesPutBack(int count) implements LimitsEvent {
    @Override
    public String text() {
      return "Redis had lost the namespaces made through the API and was given those in force here,"
          + " namespaces: "
          + count
          + "; let it keep its data on disk";
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
