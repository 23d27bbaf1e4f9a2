package io.tollgate.server.metrics;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What one event loop counts of Envoy's descriptors.
 *
 * <p>Values come from strangers where a rule tells them apart, so there is a bound on how many are
 * told apart; all others count together. One thread counts, any other may read.
 */
final class DescriptorMetrics {

  /** As many series as one scrape takes without notice; each is some 200 bytes. */
  static final int MOST = 2_000;

  /** What counts for all that are too many. */
  static final String OTHERS = "others";

  /** A descriptor of a namespace. */
  record Key(String namespace, String descriptor) {}

  /** The first word is what was told; the second says nothing. */
  final ConcurrentMap<Key, Tally> told = new ConcurrentHashMap<>();

  /** By namespace; the first word says what became of the hits. */
  final ConcurrentMap<String, Tally> negative = new ConcurrentHashMap<>();

  void add(String namespace, String descriptor, String result) {
    Key key = new Key(namespace, descriptor);
    Tally tally = told.get(key);
    if (tally == null && told.size() >= MOST) {
      tally = told.get(new Key(namespace, OTHERS));
      key = new Key(namespace, OTHERS);
    }
    if (tally == null) {
      tally = new Tally();
      told.put(key, tally);
    }
    tally.add(result, LoopMetrics.NONE);
  }

  void negative(String namespace, boolean refunded) {
    Tally tally = negative.get(namespace);
    if (tally == null) {
      tally = new Tally();
      negative.put(namespace, tally);
    }
    tally.add(refunded ? "refunded" : "peeked", LoopMetrics.NONE);
  }
}
