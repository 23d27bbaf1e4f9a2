package io.tollgate.server.app;

import io.tollgate.limiter.catalog.Catalog;
import io.tollgate.limiter.check.Limiter;
import io.tollgate.limiter.limit.Realm;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.door.Traffic;
import io.tollgate.server.door.WarmUp;
import io.tollgate.server.grpc.GrpcDoor;
import io.tollgate.server.grpc.GrpcWarmUp;
import io.tollgate.server.http.HttpDoor;
import io.tollgate.server.http.HttpWarmUp;
import io.tollgate.server.http.Readiness;
import io.tollgate.server.metrics.Metrics;
import io.tollgate.server.resp.RespDoor;
import io.tollgate.server.resp.RespWarmUp;
import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.LogLevel;
import io.tollgate.server.settings.RespSettings;
import io.tollgate.server.settings.Secret;
import io.tollgate.server.settings.Settings;
import io.tollgate.server.settings.SettingsException;
import io.tollgate.server.tls.TlsInForce;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** A running standalone server. */
public final class Serve implements AutoCloseable {

  private final HttpDoor door;
  private final Optional<GrpcDoor> grpc;
  private final Optional<RespDoor> resp;
  private final Parts parts;
  private final Maintenance maintenance;
  private final AtomicBoolean running;
  private final Runnable greeting;

  private Serve(
      HttpDoor door,
      Optional<GrpcDoor> grpc,
      Optional<RespDoor> resp,
      Parts parts,
      Maintenance maintenance,
      AtomicBoolean running,
      Runnable greeting) {
    this.door = door;
    this.grpc = grpc;
    this.resp = resp;
    this.parts = parts;
    this.maintenance = maintenance;
    this.running = running;
    this.greeting = greeting;
  }

  /**
   * Starts a server; when this returns, checks are answered.
   *
   * @throws ConfigException when the limits cannot be used
   * @throws SettingsException when the files of TLS cannot be used, or Redis refuses what is set
   * @throws IOException when a port cannot be opened
   */
  public static Serve start(Settings settings) throws IOException {
    AdminToken adminToken = AdminToken.resolve(settings);
    adminToken.notes().forEach(note -> Notes.say(note.level(), note.text()));
    Parts parts = Parts.open(settings);
    boolean serving = false;
    try {
      Serve server = start(settings, adminToken, parts);
      serving = true;
      return server;
    } finally {
      if (!serving) {
        parts.close();
      }
    }
  }

  private static Serve start(Settings settings, AdminToken adminToken, Parts parts)
      throws IOException {
    List<WarmUp> warmUps = warmUps(settings.listen(), parts);
    AtomicBoolean running = new AtomicBoolean();
    HttpDoor.Parts ofHttp = ofHttp(parts.limiter(), parts, () -> parts.readiness(running.get()));
    HttpDoor door =
        HttpDoor.open(options(settings, adminToken, parts.tls()), ofHttp, parts.loops());
    Optional<GrpcDoor> grpc = Optional.empty();
    Optional<RespDoor> resp = Optional.empty();
    boolean open = false;
    try {
      grpc = grpc(settings, adminToken, parts, ofHttp, door);
      resp = resp(settings, parts, ofHttp, door);
      open = true;
    } finally {
      if (!open) {
        grpc.ifPresent(GrpcDoor::close);
        door.close();
      }
    }
    Maintenance maintenance = Maintenance.start(parts.memory());
    // One that fails has said so.
    warmUps.forEach(WarmUp::await);
    running.set(true);
    return new Serve(
        door,
        grpc,
        resp,
        parts,
        maintenance,
        running,
        () -> greet(settings, door, parts.limits().catalog()));
  }

  private static List<WarmUp> warmUps(ListenSettings listen, Parts parts) {
    List<WarmUp> begun = new ArrayList<>();
    if (listen.grpcPort().isPresent()) {
      begun.add(WarmUp.begin("gRPC", limiter -> GrpcWarmUp.call(limiter, parts.sources())));
    }
    begun.add(
        WarmUp.begin(
            listen.resp().isPresent() ? "HTTP or RESP" : "HTTP",
            limiter -> {
              HttpDoor.Parts own = ofHttp(limiter, parts, () -> Readiness.of(true));
              boolean http = HttpWarmUp.call(own);
              boolean resp =
                  listen.resp().isEmpty() || RespWarmUp.call(ofResp(own, new Traffic(1)));
              return http && resp;
            }));
    return begun;
  }

  private static HttpDoor.Parts ofHttp(
      Limiter limiter, Parts parts, Supplier<Readiness> readiness) {
    return new HttpDoor.Parts(
        limiter,
        parts.limits(),
        Realm.live("standalone"),
        readiness,
        new Metrics(parts.sources(), System::nanoTime),
        InstantSource.system());
  }

  private static RespDoor.Parts ofResp(HttpDoor.Parts parts, Traffic traffic) {
    return new RespDoor.Parts(parts.limiter(), parts.realm(), parts.metrics(), traffic);
  }

  private static Optional<GrpcDoor> grpc(
      Settings settings, AdminToken adminToken, Parts parts, HttpDoor.Parts ofHttp, HttpDoor door)
      throws IOException {
    ListenSettings listen = settings.listen();
    if (listen.grpcPort().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        GrpcDoor.open(
            new GrpcDoor.Options(
                listen.address(),
                listen.grpcPort().getAsInt(),
                settings.secrets().checkToken().map(Secret::value),
                adminToken.token().map(Secret::value),
                parts.tls()),
            new GrpcDoor.Parts(
                ofHttp.limiter(),
                ofHttp.realm(),
                () -> ofHttp.readiness().get().status() != Readiness.Status.NOT_READY,
                ofHttp.metrics(),
                ofHttp.clock(),
                door.traffic()),
            parts.loops()));
  }

  private static Optional<RespDoor> resp(
      Settings settings, Parts parts, HttpDoor.Parts ofHttp, HttpDoor door) throws IOException {
    if (settings.listen().resp().isEmpty()) {
      return Optional.empty();
    }
    RespSettings resp = settings.listen().resp().get();
    return Optional.of(
        RespDoor.open(
            new RespDoor.Options(
                settings.listen().address(),
                resp.port(),
                resp.namespace(),
                settings.secrets().checkToken().map(Secret::value),
                parts.tls()),
            ofResp(ofHttp, door.traffic()),
            parts.loops()));
  }

  /**
   * Says that checks are answered; whoever reads it may send a signal at once, so whatever ends the
   * server in order must be in place.
   *
   * @param out gets one line of JSON with the ports
   */
  public void announce(PrintStream out) {
    OptionalInt ofGrpc = grpc.stream().mapToInt(GrpcDoor::port).findFirst();
    OptionalInt ofResp = resp.stream().mapToInt(RespDoor::port).findFirst();
    out.println(Greeting.listening(door.httpPort(), ofGrpc, door.adminPort(), ofResp));
    greeting.run();
  }

  private static HttpDoor.Options options(
      Settings settings, AdminToken adminToken, Optional<TlsInForce> tls) {
    ListenSettings listen = settings.listen();
    return new HttpDoor.Options(
        listen.address().getHostAddress(),
        listen.httpPort(),
        listen.adminPort(),
        settings.secrets().checkToken().map(Secret::value),
        adminToken.token().map(Secret::value),
        listen.maxConnections(),
        tls,
        listen.trustedProxies());
  }

  private static void greet(Settings settings, HttpDoor door, Catalog catalog) {
    Notes.greet(Greeting.of(settings, door.httpPort(), catalog));
    if (settings.secrets().checkToken().isEmpty() && !settings.listen().loopback()) {
      Notes.say(LogLevel.WARN, Greeting.openToAll(settings.listen()));
    }
  }

  /** The port of checks. */
  public int httpPort() {
    return door.httpPort();
  }

  /** The port of health. */
  public int adminPort() {
    return door.adminPort();
  }

  /** Says that it is not ready, finishes what is under way, and ends; takes a few seconds. */
  @Override
  public void close() {
    running.set(false);
    resp.ifPresent(RespDoor::close);
    grpc.ifPresent(GrpcDoor::close);
    door.close();
    parts.close();
    maintenance.close();
  }
}
