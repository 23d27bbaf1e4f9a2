package io.tollgate.limiter.redis.simulation;

import java.util.List;

/**
 * Who takes part in a schedule, and with which bounds.
 *
 * @param engines how many there are at first
 * @param lanes event loops of each
 * @param agrees whether engines agree on a hash key by themselves, and were not given one
 * @param limitMillis how long a check may wait
 * @param batch checks of one call
 * @param calls calls under way
 * @param waiting checks that may wait for a call
 * @param denials how many denials each lane remembers; 0: none
 * @param rules which of {@link Rules#ALL} are asked for
 * @param identifiers of each rule
 * @param pressure demand, in percent of what limits admit
 * @param loadMillis for how long clients ask before all becomes quiet
 */
record Cast(
    int engines,
    int lanes,
    boolean agrees,
    long limitMillis,
    int batch,
    int calls,
    int waiting,
    int denials,
    List<Integer> rules,
    int identifiers,
    long pressure,
    long loadMillis) {

  long limitNanos() {
    return limitMillis * World.MILLI;
  }

  Cast withEngines(int fewer) {
    return new Cast(
        fewer,
        lanes,
        agrees,
        limitMillis,
        batch,
        calls,
        waiting,
        denials,
        rules,
        identifiers,
        pressure,
        loadMillis);
  }

  Cast withRules(List<Integer> fewer) {
    return new Cast(
        engines,
        lanes,
        agrees,
        limitMillis,
        batch,
        calls,
        waiting,
        denials,
        fewer,
        identifiers,
        pressure,
        loadMillis);
  }
}
