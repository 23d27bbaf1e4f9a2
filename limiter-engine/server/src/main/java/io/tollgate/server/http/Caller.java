package io.tollgate.server.http;

import io.tollgate.server.door.Bytes;

/** Where the answers of requests go: a connection of HTTP/1.1 or of HTTP/2. */
interface Caller {

  /** Runs on the caller's event loop: at once when this thread is it. */
  void onLoop(Runnable task);

  AnswerWriter writer();

  /** Makes an answer the last one when the server is stopping and nothing was asked after it. */
  void mayEndWith(Exchange exchange);

  /** Makes the answer to the newest request the last one: what follows is not read. */
  void endWith(Exchange exchange);

  /**
   * Takes an answer.
   *
   * @param head the status line, header lines and the empty line, as HTTP/1.1 has them
   */
  void complete(Exchange exchange, Bytes head, Bytes body);
}
