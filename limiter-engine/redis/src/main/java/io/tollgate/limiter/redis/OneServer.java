package io.tollgate.limiter.redis;

/** The way to a server that has every key; confined to one thread. */
public final class OneServer implements Routes {

  private final Batcher batcher;
  private final Link link;

  /** A way by a link, and a batcher over that link. */
  public OneServer(Batcher batcher, Link link) {
    this.batcher = batcher;
    this.link = link;
  }

  @Override
  public void start() {
    link.start();
  }

  @Override
  public boolean isUp() {
    return link.isUp();
  }

  @Override
  public boolean reaches(int slot) {
    return link.isUp();
  }

  @Override
  public int ups() {
    return link.ups();
  }

  @Override
  public boolean oneSlot() {
    return false;
  }

  @Override
  public long deadline() {
    return batcher.deadline();
  }

  @Override
  public void submit(Step step, long deadline, Batcher.Listener listener) {
    batcher.submit(step, deadline, listener);
  }

  @Override
  public void submitNext(Step step, long deadline, Batcher.Listener listener) {
    batcher.submitNext(step, deadline, listener);
  }

  @Override
  public ScriptPort port(int slot) {
    return link;
  }

  @Override
  public void distrust(int slot, Throwable why) {
    link.distrust(why);
  }

  @Override
  public void leave(int slot, Throwable why) {
    link.leave(why);
  }

  @Override
  public void awaitFirstAttempt(long nanos) {
    link.awaitFirstAttempt(nanos);
  }

  @Override
  public State state() {
    return link.isUp() ? new State(1, 1, "") : new State(1, 0, link.why());
  }

  @Override
  public void close() {
    link.close();
  }
}
