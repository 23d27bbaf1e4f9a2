package io.tollgate.server.files;

import java.nio.file.Path;
import java.util.List;

/**
 * Watches a few files that belong together, such as a certificate and its key.
 *
 * <p>Follows links, so that a folder whose link is moved to another one (as Kubernetes does with
 * ConfigMaps) counts as a change of its files. Does nothing by itself: somebody polls, see {@link
 * FileTimer}. For use by one thread at a time.
 */
public final class FileWatch {

  /** Five seconds at the timer's pace: nobody saves a file for longer. */
  private static final int MOST_MOVES = (int) (5_000 / FileTimer.PERIOD_MILLIS);

  /** What a poll has seen. */
  public enum Seen {
    /** Nothing new. */
    UNCHANGED,
    /** A change that has not settled. */
    MOVING,
    /** Changes at every poll for five seconds. Whoever took it now might take half a file. */
    RESTLESS,
    /** A change that has settled; it was reported before this was answered. */
    SETTLED
  }

  private final List<Path> files;
  private final Runnable onSettledChange;
  private List<FileStamp> reported;
  private List<FileStamp> latest;
  private int moves;

  private FileWatch(List<Path> files, Runnable onSettledChange) {
    this.files = List.copyOf(files);
    this.onSettledChange = onSettledChange;
    this.reported = stamps();
    this.latest = reported;
  }

  /** As {@link #of(List, Runnable)}, for somebody who goes by what {@link #poll} answers. */
  public static FileWatch of(List<Path> files) {
    return new FileWatch(files, () -> {});
  }

  /**
   * Begins with the files as they are now; whoever reads them must do so after this.
   *
   * @param onSettledChange called by {@link #poll} once after each change, also when a file has
   *     gone or come
   */
  public static FileWatch of(List<Path> files, Runnable onSettledChange) {
    return new FileWatch(files, onSettledChange);
  }

  /** Looks once; call it every {@link FileTimer#PERIOD_MILLIS}. */
  public Seen poll() {
    List<FileStamp> now = stamps();
    boolean rests = now.equals(latest);
    latest = now;
    if (now.equals(reported)) {
      moves = 0;
      return Seen.UNCHANGED;
    }
    if (!rests) {
      moves = Math.min(moves + 1, MOST_MOVES);
      return moves == MOST_MOVES ? Seen.RESTLESS : Seen.MOVING;
    }
    moves = 0;
    reported = now;
    onSettledChange.run();
    return Seen.SETTLED;
  }

  /** Whether the files are still what was last reported: what was read in between is whole. */
  public boolean isStill() {
    return stamps().equals(reported);
  }

  private List<FileStamp> stamps() {
    return files.stream().map(FileStamp::of).toList();
  }
}
