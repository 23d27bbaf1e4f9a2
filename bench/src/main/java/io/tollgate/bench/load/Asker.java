package io.tollgate.bench.load;

import java.io.IOException;

/** Asks Redis for all identifiers in a shuffled order, again and again. */
sealed interface Asker extends AutoCloseable permits ScriptAsker, BucketAsker {

  /**
   * Asks for so long, and waits for the last answers.
   *
   * @throws IOException when Redis answers wrongly, or no more
   */
  Closed ask(long nanos) throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
