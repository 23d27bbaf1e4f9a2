package io.tollgate.server;

/** How a command ended, as scripts see it. */
final class ExitCode {

  static final int DONE = 0;

  /** Something went wrong that nobody wrote, such as a port that is taken. */
  static final int FAULT = 1;

  /** Arguments, settings or the limits file are wrong. */
  static final int WRONG_INPUT = 2;

  private ExitCode() {}
}
