package io.tollgate.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpMethod;
import io.tollgate.server.door.ErrorCode;
import io.tollgate.server.door.Problem;
import io.tollgate.server.http.Route.Target;
import org.jspecify.annotations.Nullable;

/** The request of a connection whose body is still arriving. */
final class Incoming {

  /** Read and forgotten behind a refused head, so that the connection can go on. */
  private static final int DISCARDED_BODY = Route.HOT_BODY;

  private final ByteBufAllocator alloc;
  private @Nullable Exchange exchange;
  private @Nullable Target target;
  private @Nullable String options;
  private @Nullable Problem refusal;
  private @Nullable ByteBuf body;
  private int limit;
  private int received;

  Incoming(ByteBufAllocator alloc) {
    this.alloc = alloc;
  }

  private void begin(Exchange asked) {
    exchange = asked;
    target = null;
    options = null;
    refusal = null;
    limit = DISCARDED_BODY;
    received = 0;
  }

  /**
   * Begins with a request that may be asked.
   *
   * @param to null for the server as a whole, whose methods can be asked for
   */
  void begin(Exchange asked, @Nullable Target to) {
    begin(asked);
    if (to == null) {
      options = Route.ALL_METHODS;
    } else if (asked.method().equals(HttpMethod.OPTIONS) && !to.route().takesAnyMethod()) {
      options = to.route().allow();
    } else {
      target = to;
      limit = to.route().bodyLimit();
    }
  }

  /** Begins with a request that is refused when it is whole. */
  void beginRefused(Exchange asked, Problem why) {
    begin(asked);
    refusal = why;
  }

  /** The request, or null when none is arriving. */
  @Nullable Exchange exchange() {
    return exchange;
  }

  /** Whether a body of this length is too long. */
  boolean exceeds(long length) {
    return length > limit;
  }

  /** Counts a part of the body; false when the body has become too long. */
  boolean take(ByteBuf part) {
    received += part.readableBytes();
    return received <= limit;
  }

  /** Keeps a part of the body that is not the last. */
  void keep(ByteBuf part) {
    if (target == null || target.route() == Route.AUTHZ || !part.isReadable()) {
      return;
    }
    ByteBuf whole = body;
    if (whole == null) {
      whole = alloc.buffer(2 * part.readableBytes(), limit);
      body = whole;
    }
    whole.writeBytes(part);
  }

  /** What is wrong with a body that is too long, unless something else was wrong before. */
  Problem tooLong() {
    return refusal != null
        ? refusal
        : Problem.of(ErrorCode.BODY_TOO_LARGE, Admission.tooLarge(limit));
  }

  /** Answers the request, now that its last part is here. */
  void answer(Exchange whole, ByteBuf lastPart, Calls calls, AnswerWriter writer) {
    if (refusal != null) {
      writer.problem(whole, refusal);
    } else if (options != null) {
      writer.options(whole, options);
    } else if (target != null) {
      if (body != null) {
        keep(lastPart);
      }
      calls.run(target, whole, body != null ? body : lastPart);
    }
  }

  /** Ends it; releases the body. */
  void end() {
    exchange = null;
    ByteBuf whole = body;
    body = null;
    if (whole != null) {
      whole.release();
    }
  }
}
