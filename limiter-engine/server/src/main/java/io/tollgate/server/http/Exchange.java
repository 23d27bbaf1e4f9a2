package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpMethod;
import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.limiter.catalog.NamespaceSpec.Headers;
import io.tollgate.limiter.store.CheckBuffer;
import io.tollgate.limiter.store.Store;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request with its answer; reused for another one when the answer is on its way.
 *
 * <p>Belongs to one event loop. Only {@link #decided} may be called from elsewhere: a remote store
 * answers on its own thread, a memory store before the call returns.
 */
final class Exchange implements Store.Listener, Runnable {

  /** The question to the store, reused with the exchange. */
  final CheckBuffer buffer = new CheckBuffer();

  /** What is counted of it. */
  final Account account = new Account();

  private @Nullable Caller caller;
  private volatile @Nullable Thread calling;
  private HttpMethod method = HttpMethod.POST;
  private boolean statusPreferred;
  private boolean gateway;
  private boolean forbids;
  private @Nullable AuthzHead gatewayHead;
  private @Nullable CharSequence accept;
  private @Nullable ByteBuf kept;
  private String requestId = "";
  private Headers headers = Headers.NONE;
  private boolean last;
  private boolean bodyless;
  private boolean sayKeepAlive;
  private boolean continues;
  private boolean answered;
  private int stream;

  /** Begins with a request of a caller. */
  void begin(Caller asking, String id) {
    caller = asking;
    requestId = id;
    method = HttpMethod.POST;
    statusPreferred = false;
    gateway = false;
    forbids = false;
    gatewayHead = null;
    accept = null;
    headers = Headers.NONE;
    last = false;
    bodyless = false;
    sayKeepAlive = false;
    continues = false;
    answered = false;
    stream = 0;
    account.begin();
  }

  /** The stream of HTTP/2 that asks; 0 in HTTP/1.1. */
  int stream() {
    return stream;
  }

  void stream(int id) {
    stream = id;
  }

  /** What is done at the path. */
  HttpMethod method() {
    return method;
  }

  /** Notes what the head of the request said beside its path. */
  void note(HttpMethod asked, boolean prefersStatus, @Nullable CharSequence accepts) {
    method = asked;
    statusPreferred = prefersStatus;
    accept = accepts;
  }

  /** Whether a denial is wanted as a status of its own. */
  boolean statusPreferred() {
    return statusPreferred;
  }

  /**
   * Notes that a gateway asks, which wants a status.
   *
   * @param onlyForbidden whether it understands no refusal but 401 and 403
   */
  void forGateway(boolean onlyForbidden) {
    gateway = true;
    statusPreferred = true;
    forbids = onlyForbidden;
  }

  /** Whether a gateway asks. */
  boolean gateway() {
    return gateway;
  }

  /** Whether every refusal has the status 403, but the one for which a client can do something. */
  boolean forbids() {
    return forbids;
  }

  void gatewayHead(AuthzHead head) {
    gatewayHead = head;
  }

  /** What a gateway's request says. */
  AuthzHead gatewayHead() {
    return Objects.requireNonNull(gatewayHead, "a request of a gateway has one");
  }

  /** What the Accept header says; empty when there is none. */
  String accept() {
    return accept == null ? "" : accept.toString();
  }

  String requestId() {
    return requestId;
  }

  /** Which rate-limit headers the answer carries. */
  Headers headers() {
    return headers;
  }

  /** Notes the namespace that decides. */
  void decidedBy(NamespaceSpec namespace) {
    headers = namespace.headers();
    account.namespace(namespace.name());
  }

  /** Whether the connection ends with this answer. */
  boolean last() {
    return last;
  }

  void makeLast() {
    last = true;
  }

  /** Whether the answer has a length but no body, as to HEAD. */
  boolean bodyless() {
    return bodyless;
  }

  void makeBodyless() {
    bodyless = true;
  }

  /** Whether the answer says keep-alive: a client of HTTP/1.0 does not assume it. */
  boolean sayKeepAlive() {
    return sayKeepAlive;
  }

  void makeSayKeepAlive() {
    sayKeepAlive = true;
  }

  /** Whether the client waits for 100 Continue. */
  boolean continues() {
    return continues && !answered;
  }

  void continues(boolean waits) {
    continues = waits;
  }

  boolean answered() {
    return answered;
  }

  void makeAnswered() {
    answered = true;
  }

  /** Keeps the answer until all earlier ones have left. */
  void keep(ByteBuf answer) {
    kept = answer;
  }

  /** Gives up the kept answer; the caller releases it. */
  @Nullable ByteBuf takeKept() {
    ByteBuf taken = kept;
    kept = null;
    return taken;
  }

  /** Forgets a caller that is gone; a store may still answer. */
  void abandon() {
    caller = null;
    gatewayHead = null;
    ByteBuf answer = takeKept();
    if (answer != null) {
      answer.release();
    }
  }

  /** The thread that carries the request out begins, or has ended: null. */
  void calling(@Nullable Thread thread) {
    calling = thread;
  }

  /** Whether whoever carries the request out is above, and answers for its faults. */
  @SuppressWarnings("ReferenceEquality") // the very one
  private boolean isBelowItsCall() {
    return calling == Thread.currentThread();
  }

  @Override
  public void decided(CheckBuffer decided) {
    Caller owner = caller;
    if (isBelowItsCall()) {
      run();
    } else if (owner != null) {
      owner.onLoop(this);
    }
  }

  /** Runs now on the caller's loop, or soon. */
  void onLoop(Runnable answer) {
    Caller owner = caller;
    if (isBelowItsCall()) {
      answer.run();
    } else if (owner != null) {
      owner.onLoop(() -> runFor(owner, answer));
    }
  }

  /** The caller may have gone while the answer was on its way to its loop. */
  @SuppressWarnings("ReferenceEquality") // the very one, callers have no value
  private void runFor(Caller owner, Runnable answer) {
    if (caller == owner) {
      answer.run();
    }
  }

  @Override
  public void run() {
    Caller owner = caller;
    if (owner != null) {
      owner.writer().decision(this, buffer.decision());
    }
  }
}
