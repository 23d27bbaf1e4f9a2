package io.tollgate.server;

/** The command line of Tollgate. */
public final class Tollgate {
  private Tollgate() {}

  /** Says that no door is built yet and exits with status 1. */
  public static void main(String[] args) {
    System.err.println("tollgate: this build has no server yet");
    System.exit(1);
  }
}
