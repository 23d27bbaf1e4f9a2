package io.tollgate.server.metrics;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.decision.Decision;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What one event loop counts.
 *
 * <p>Only the loop's own thread may call the public methods. Once every combination of labels has
 * been seen, they allocate nothing, take no lock, and read the clock once when bytes arrive and
 * once when answers leave.
 */
public final class LoopMetrics {

  /** The label of what is not there. */
  public static final String NONE = "none";

  /**
   * Names kept between two scrapes: those in force twice over, so that making and deleting
   * namespaces costs a look at all of them once in {@link Catalog#MOST_NAMESPACES} times.
   */
  static final int MOST_NAMES = 2 * Catalog.MOST_NAMESPACES;

  /** A status has three digits. */
  private static final int MOST_STATUS = 1_000;

  private final Supplier<Set<String>> namesInForce;
  private final LongSupplier nanoClock;
  private final VerbMetrics check = new VerbMetrics();
  private final VerbMetrics batch = new VerbMetrics();
  private final VerbMetrics reserve = new VerbMetrics();
  private final VerbMetrics lease = new VerbMetrics();

  /** All of them; an array, since going through a list makes an object for each flush. */
  private final VerbMetrics[] verbs = {check, batch, reserve, lease};

  private final PortMetrics checks = new PortMetrics();
  private final PortMetrics admin = new PortMetrics();
  private final PortMetrics grpc = new PortMetrics();
  private final PortMetrics resp = new PortMetrics();

  /** By route; the words are status and code. */
  private final ConcurrentMap<String, Tally> answers = new ConcurrentHashMap<>();

  /** By method; the words are status and code. */
  private final ConcurrentMap<String, Tally> rpcs = new ConcurrentHashMap<>();

  /** The words are command and result. */
  private final Tally commands = new Tally();

  private final DescriptorMetrics descriptors = new DescriptorMetrics();
  private final String[] statusTexts = new String[MOST_STATUS];
  private long arrivedNanos;

  /** When those arrived that leave with the next flush; all in one read. */
  private long leavingSinceNanos;

  private boolean anyLeaving;

  LoopMetrics(Supplier<Set<String>> namesInForce, LongSupplier nanoClock) {
    this.namesInForce = namesInForce;
    this.nanoClock = nanoClock;
  }

  /**
   * Counts a decision that is answered.
   *
   * @param namespace the configured name; {@code *} when it answers for another
   */
  public void decided(Verb verb, String namespace, Decision decision) {
    VerbMetrics of = of(verb);
    Tally tally = of.decisions.get(namespace);
    if (tally == null) {
      tally = firstOf(namespace, of);
    }
    int binding = decision.bindingIndex();
    String algorithm = binding < 0 ? NONE : decision.limits().get(binding).algorithm();
    tally.add(algorithm, decision.code().name());
  }

  private Tally firstOf(String namespace, VerbMetrics of) {
    if (of.decisions.size() >= MOST_NAMES) {
      of.decisions.keySet().retainAll(namesInForce.get());
    }
    Tally tally = new Tally();
    of.decisions.put(namespace, tally);
    return tally;
  }

  /**
   * Counts an answer.
   *
   * @param route the path's template, or {@link #NONE}
   * @param status of three digits
   * @param code what was wrong, in capitals, or {@link #NONE}
   */
  public void answered(String route, int status, String code) {
    Tally tally = answers.get(route);
    if (tally == null) {
      tally = new Tally();
      answers.put(route, tally);
    }
    String text = statusTexts[status];
    if (text == null) {
      text = Integer.toString(status);
      statusTexts[status] = text;
    }
    tally.add(text, code);
  }

  /**
   * Counts a call over gRPC that was answered.
   *
   * @param method its bare name, one of ours
   * @param status the name of its status
   * @param code of the problem, or {@link #NONE}
   */
  public void answeredRpc(String method, String status, String code) {
    Tally tally = rpcs.get(method);
    if (tally == null) {
      tally = new Tally();
      rpcs.put(method, tally);
    }
    tally.add(status, code);
  }

  /**
   * Counts a command of a Redis client that was answered.
   *
   * @param command one of ours
   * @param result the first word of an error, or {@code ok}
   */
  public void answeredCommand(String command, String result) {
    commands.add(command, result);
  }

  /**
   * Counts a descriptor of Envoy's that a rule matches.
   *
   * @param namespace the configured name
   * @param descriptor what the rule matches, or the descriptor itself where each value counts
   * @param result what it was told, one of a few constants
   */
  public void descriptor(String namespace, String descriptor, String result) {
    descriptors.add(namespace, descriptor, result);
  }

  /**
   * Counts a descriptor whose hits are taken back.
   *
   * @param namespace the configured name
   * @param refunded whether they were given back; else it was only looked
   */
  public void negativeHits(String namespace, boolean refunded) {
    descriptors.negative(namespace, refunded);
  }

  /** Notes that bytes have arrived: what they complete is measured from now. */
  public void arrived() {
    arrivedNanos = nanoClock.getAsLong();
  }

  /** When bytes last arrived. */
  public long arrivedNanos() {
    return arrivedNanos;
  }

  /**
   * Notes that an answer leaves with the next flush.
   *
   * @param sinceNanos what {@link #arrivedNanos} was when the request was whole
   */
  public void leaves(Verb verb, long sinceNanos) {
    if (sinceNanos != leavingSinceNanos) {
      flushed();
      leavingSinceNanos = sinceNanos;
    }
    of(verb).leaving++;
    anyLeaving = true;
  }

  /** The time by which durations are measured. */
  public long nowNanos() {
    return nanoClock.getAsLong();
  }

  /**
   * Notes that an answer is handed over now.
   *
   * @param sinceNanos what {@link #nowNanos} was when the question was whole
   */
  public void took(Verb verb, long sinceNanos) {
    of(verb).durations.add(Math.max(0, nanoClock.getAsLong() - sinceNanos), 1);
  }

  /** Notes that all answers have been handed to the socket. */
  public void flushed() {
    if (!anyLeaving) {
      return;
    }
    long nanos = Math.max(0, nanoClock.getAsLong() - leavingSinceNanos);
    for (VerbMetrics of : verbs) {
      if (of.leaving > 0) {
        of.durations.add(nanos, of.leaving);
        of.leaving = 0;
      }
    }
    anyLeaving = false;
  }

  /** Counts a connection that is open now. */
  public void opened(Port port) {
    of(port).opened.add(1);
  }

  /** Counts a connection that was {@link #opened} and is so no more. */
  public void closed(Port port) {
    of(port).closed.add(1);
  }

  /** Counts a connection that was closed at once, since there were too many. */
  public void refused(Port port) {
    of(port).refused.add(1);
  }

  /** Counts a connection that never came to speak TLS. */
  public void handshakeFailed(Port port) {
    of(port).failedHandshakes.add(1);
  }

  VerbMetrics of(Verb verb) {
    return switch (verb) {
      case CHECK -> check;
      case BATCH -> batch;
      case RESERVE -> reserve;
      case LEASE -> lease;
    };
  }

  PortMetrics of(Port port) {
    return switch (port) {
      case CHECKS -> checks;
      case ADMIN -> admin;
      case GRPC -> grpc;
      case RESP -> resp;
    };
  }

  Map<String, Tally> answers() {
    return answers;
  }

  DescriptorMetrics descriptors() {
    return descriptors;
  }

  Map<String, Tally> rpcs() {
    return rpcs;
  }

  Tally commands() {
    return commands;
  }
}
