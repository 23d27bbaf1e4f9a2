package io.tollgate.checks;

/** One thing to put right: where it is and what to do. */
record Finding(String file, int line, String fix) {
  Finding {
    if (line < 1) {
      throw new IllegalArgumentException("line " + line + " of " + file);
    }
  }

  @Override
  public String toString() {
    return file + ":" + line + ": " + fix;
  }
}
