package io.tollgate.server.limits;

import io.tollgate.server.config.ConfigProblem;
import io.tollgate.server.config.Position;
import java.util.List;

/** What became of a change through the API; all but the first two have changed nothing. */
public sealed interface Change {

  /**
   * It is in force and on disk.
   *
   * @param created whether the API had none of that name before
   */
  record Written(boolean created, NamespaceView view) implements Change {}

  /** The API's namespace is gone, also from disk; a built-in one of that name answers again. */
  record Deleted() implements Change {}

  /** The API has no namespace of that name; the built-in example is not the API's to delete. */
  record NotFound() implements Change {}

  /**
   * The limits file has a namespace of that name.
   *
   * @param file the limits file as it was given
   */
  record ReadOnly(String name, String file) implements Change {}

  /**
   * It cannot be used.
   *
   * @param problems at least one; pointers begin at the namespace's object
   * @param further how many more there are that are not listed
   */
  record Invalid(List<ConfigProblem> problems, int further) implements Change {

    /** Keeps the list as it is now. */
    public Invalid {
      problems = List.copyOf(problems);
    }

    /** There are as many as there may be. */
    static Change tooMany(int most) {
      return whole(
          "there are " + most + " namespaces made through the API already",
          "delete one, or write them into the limits file");
    }

    /** The problem is none of one field. */
    static Change whole(String message, String fix) {
      return new Invalid(List.of(new ConfigProblem(Position.WHOLE_FILE, "", message, fix)), 0);
    }
  }

  /**
   * It could be used, but not kept.
   *
   * @param why what went wrong, with the place
   * @param fix what the operator can do
   */
  record Unavailable(String why, String fix) implements Change {}
}
