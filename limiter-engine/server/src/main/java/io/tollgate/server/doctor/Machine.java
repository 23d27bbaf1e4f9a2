package io.tollgate.server.doctor;

import java.nio.file.Path;
import java.time.InstantSource;

/**
 * What an examination needs to know of the machine.
 *
 * @param proc where the system tells about processes; need not be there
 * @param mostHeapBytes the most that this JVM's heap may take, as a server's would
 * @param javaVersion as people read it
 * @param javaDate the day on which this Java was released, as in 2026-04-21; empty when unknown
 * @param clock the machine's
 */
record Machine(
    Path proc, long mostHeapBytes, String javaVersion, String javaDate, InstantSource clock) {

  static Machine here() {
    return new Machine(
        Path.of("/proc"),
        Runtime.getRuntime().maxMemory(),
        Runtime.version() + ", " + System.getProperty("java.vendor", "of an unknown vendor"),
        System.getProperty("java.version.date", ""),
        InstantSource.system());
  }
}
