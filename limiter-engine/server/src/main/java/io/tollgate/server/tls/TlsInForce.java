package io.tollgate.server.tls;

import io.netty.handler.ssl.SslContext;
import io.tollgate.server.files.FileTimer;
import io.tollgate.server.files.FileWatch;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * The certificate, key and client CA in force, replaced as a whole when their files change.
 *
 * <p>Changed files are in force within a second, for connections from then on; files that cannot be
 * used change nothing and show in {@link #state}. Thread-safe; reading never waits.
 */
public final class TlsInForce implements AutoCloseable {

  /** What cannot be used may become right without a change: by the clock, or by a mount. */
  private static final int POLLS_UNTIL_RETRY = (int) (60_000 / FileTimer.PERIOD_MILLIS);

  private record Snapshot(KeyMaterial material, SslContext context, TlsState state) {}

  private final TlsFiles files;
  private final Consumer<TlsEvent> events;
  private final InstantSource clock;
  private final FileWatch watch;
  private final FileTimer timer = new FileTimer();
  private volatile Snapshot snapshot;
  private int pollsSinceRead;

  private TlsInForce(TlsFiles files, Consumer<TlsEvent> events, InstantSource clock) {
    this.files = files;
    this.events = events;
    this.clock = clock;
    this.watch = FileWatch.of(files.all());
    KeyMaterial first = KeyMaterial.read(files);
    Instant now = clock.instant();
    this.snapshot = new Snapshot(first, context(first), TlsState.first(now, first.notAfter()));
    // A machine's clock may be wrong when it starts; without a server nobody would see why.
    outOfDate(first).ifPresent(e -> events.accept(new TlsEvent.OutOfDate(e.text())));
  }

  /**
   * Reads the files, and goes on to look at them with a thread of its own.
   *
   * @param events called by whoever changed something; must not block
   * @throws TlsException when a file cannot be used
   */
  public static TlsInForce open(TlsFiles files, Consumer<TlsEvent> events, InstantSource clock) {
    TlsInForce tls = unwatched(files, events, clock);
    tls.timer.add(tls::poll);
    return tls;
  }

  /** As {@link #open}, for somebody who polls. */
  static TlsInForce unwatched(TlsFiles files, Consumer<TlsEvent> events, InstantSource clock) {
    return new TlsInForce(files, events, clock);
  }

  /** What the next handshake uses; one volatile read. */
  public SslContext context() {
    return snapshot.context;
  }

  /** What health and metrics show. */
  public TlsState state() {
    return snapshot.state;
  }

  /** Looks at the files now; by one thread at a time. */
  void poll() {
    switch (watch.poll()) {
      case MOVING -> {}
      case UNCHANGED -> retry();
      case RESTLESS ->
          refuse(
              new TlsException(
                  files.certificate(),
                  "or what belongs to it does not come to rest",
                  "write the files under other names, then rename them"));
      case SETTLED -> read();
    }
  }

  private void retry() {
    if (!snapshot.state.valid() && ++pollsSinceRead >= POLLS_UNTIL_RETRY) {
      read();
    }
  }

  private void read() {
    pollsSinceRead = 0;
    try {
      KeyMaterial next = KeyMaterial.read(files);
      if (!watch.isStill()) {
        return;
      }
      take(next);
    } catch (TlsException problem) {
      refuse(problem);
    } catch (RuntimeException | VirtualMachineError fault) {
      // A fault of ours, or no memory for so large a file: what is in force stays all the same.
      refuse(new TlsException(files.certificate(), "cannot be taken: " + fault, "report this"));
    }
  }

  private void take(KeyMaterial next) {
    Snapshot now = snapshot;
    if (next.equals(now.material)) {
      if (!now.state.valid()) {
        snapshot = new Snapshot(next, now.context, now.state.recovered(clock.instant()));
        events.accept(new TlsEvent.Recovered(files.certificate()));
      }
      return;
    }
    Optional<TlsException> outOfDate = outOfDate(next);
    if (outOfDate.isPresent()) {
      refuse(outOfDate.get());
      return;
    }
    TlsState state = now.state.reloaded(clock.instant(), next.notAfter());
    snapshot = new Snapshot(next, context(next), state);
    events.accept(new TlsEvent.Reloaded(files.certificate(), next.notAfter()));
  }

  /** Says what is wrong, the same only once. */
  private void refuse(TlsException why) {
    Snapshot now = snapshot;
    if (now.state.problem().equals(Optional.of(why.text()))) {
      return;
    }
    TlsState state = now.state.refused(clock.instant(), why.text());
    snapshot = new Snapshot(now.material, now.context, state);
    events.accept(new TlsEvent.Refused(why.text()));
  }

  private Optional<TlsException> outOfDate(KeyMaterial material) {
    Instant now = clock.instant();
    if (now.isAfter(material.notAfter())) {
      return Optional.of(
          new TlsException(files.certificate(), "expired at " + material.notAfter(), "renew it"));
    }
    if (now.isBefore(material.notBefore())) {
      return Optional.of(
          new TlsException(
              files.certificate(),
              "is valid from " + material.notBefore() + " only",
              "wait, or set the machine's clock"));
    }
    return Optional.empty();
  }

  private SslContext context(KeyMaterial material) {
    try {
      return Contexts.of(material);
    } catch (SSLException | IllegalArgumentException e) {
      throw new TlsException(
          files.certificate(), "cannot be used: " + e.getMessage(), "have another one made");
    }
  }

  /** Looks at the files no more; what is in force stays so. */
  @Override
  public void close() {
    timer.close();
  }
}
