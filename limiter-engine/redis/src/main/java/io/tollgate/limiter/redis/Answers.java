package io.tollgate.limiter.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Answers that only hand on what became of a call. */
final class Answers {

  private Answers() {}

  /** Whoever answers can be used. */
  static ScriptPort.Answer greeting(Link.Greeting.Said said) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        said.well();
      }

      @Override
      public void failed(Throwable why) {
        said.wrong(why);
      }
    };
  }

  /** Completes a future. */
  static ScriptPort.Answer completing(CompletableFuture<List<byte[]>> future) {
    return new ScriptPort.Answer() {
      @Override
      public void answered(List<byte[]> answers) {
        future.complete(answers);
      }

      @Override
      public void failed(Throwable why) {
        future.completeExceptionally(why);
      }
    };
  }
}
