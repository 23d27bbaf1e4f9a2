package io.tollgate.server.limits;

import java.io.IOException;
import java.nio.file.Path;

/** A data folder's namespaces, for whoever only looks: takes no lock and writes nothing. */
public final class KeptNamespaces {

  private KeptNamespaces() {}

  /**
   * How many are kept in a folder, which need not be there.
   *
   * @throws IOException when a server could not read them; names the file, what is wrong with it
   *     and, after a semicolon, what to do
   */
  public static int count(Path folder) throws IOException {
    DataFolder data = new DataFolder(folder);
    return data.isUsed() ? FolderNamespaces.load(data).size() : 0;
  }
}
