package io.tollgate.limiter.redis.simulation;

import java.util.Random;

/** Chance for each part of a schedule alone, so that one part left out leaves the others as is. */
final class Chance {

  private Chance() {}

  /** Neighbouring seeds of {@link Random} begin alike; these do not (MurmurHash3's finaliser). */
  static long seed(long seed, long part) {
    long mixed = seed * 0x9e3779b97f4a7c15L + part;
    mixed = (mixed ^ mixed >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ mixed >>> 33;
  }

  static Random of(long seed, long part) {
    return new Random(seed(seed, part));
  }
}
