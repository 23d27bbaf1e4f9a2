package io.tollgate.server.grpc;

import com.google.protobuf.CodedOutputStream;
import io.tollgate.limiter.decision.Decision;
import io.tollgate.limiter.decision.DecisionCode;
import io.tollgate.limiter.decision.LimitReport;
import io.tollgate.limiter.v1.CheckManyResponse;
import io.tollgate.limiter.v1.CheckStreamResponse;
import io.tollgate.limiter.v1.Code;
import io.tollgate.limiter.v1.LimitState;
import io.tollgate.server.door.RequestIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes decisions as the bytes of their messages, without making the messages: what an answer
 * costs is mostly this. Confined to one thread.
 *
 * <p>Source: the wire format of Protocol Buffers; what equals a field's default is left out.
 */
final class DecisionBytes {

  /** Above 32 limits, the most of a check, each with a name of 128 bytes and all its numbers. */
  private static final int MOST_BYTES = 32 * 1024;

  private static final int MOST_LIMIT_BYTES = 512;
  private static final int LENGTH_DELIMITED = 2;
  private static final long MICROS = 1_000_000;
  private static final double MICROS_OF_MILLI = 1_000;
  private static final int ULID_LENGTH = 26;
  private static final byte[] PREFIX = "dec_".getBytes(StandardCharsets.US_ASCII);

  private final RequestIds ids = new RequestIds(new SplittableRandom());
  private final InstantSource clock;
  private final byte[] id = new byte[PREFIX.length + ULID_LENGTH];
  private final byte[] decision = new byte[MOST_BYTES];
  private final byte[] limit = new byte[MOST_LIMIT_BYTES];

  DecisionBytes(InstantSource clock) {
    this.clock = clock;
    System.arraycopy(PREFIX, 0, id, 0, PREFIX.length);
  }

  /** A {@code Decision} with an id of its own. */
  byte[] message(Decision of) {
    return Arrays.copyOf(decision, write(of));
  }

  /** A {@code CheckStreamResponse} to the request of this id. */
  Written streamed(long requestId, Decision of) {
    int length = write(of);
    int whole =
        (requestId == 0
                ? 0
                : CodedOutputStream.computeUInt64Size(
                    CheckStreamResponse.ID_FIELD_NUMBER, requestId))
            + CodedOutputStream.computeTagSize(CheckStreamResponse.DECISION_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(length)
            + length;
    byte[] bytes = new byte[whole];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      if (requestId != 0) {
        out.writeUInt64(CheckStreamResponse.ID_FIELD_NUMBER, requestId);
      }
      nested(out, CheckStreamResponse.DECISION_FIELD_NUMBER, decision, length);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return new Written(bytes);
  }

  /** A {@code CheckManyResponse}. */
  Written batch(boolean allowed, List<Decision> decisions) {
    byte[][] parts = new byte[decisions.size()][];
    int field = CheckManyResponse.RESULTS_FIELD_NUMBER;
    int whole =
        allowed
            ? CodedOutputStream.computeBoolSize(CheckManyResponse.ALLOWED_FIELD_NUMBER, true)
            : 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = message(decisions.get(i));
      whole += CodedOutputStream.computeByteArraySize(field, parts[i]);
    }
    byte[] bytes = new byte[whole];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      if (allowed) {
        out.writeBool(CheckManyResponse.ALLOWED_FIELD_NUMBER, true);
      }
      for (byte[] part : parts) {
        out.writeByteArray(field, part);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return new Written(bytes);
  }

  private int write(Decision of) {
    ids.ulid(id, PREFIX.length, clock.millis());
    CodedOutputStream out = CodedOutputStream.newInstance(decision);
    try {
      write(out, of);
    } catch (IOException e) {
      throw new UncheckedIOException("writing into memory", e);
    }
    return out.getTotalBytesWritten();
  }

  private void write(CodedOutputStream out, Decision of) throws IOException {
    if (of.allowed()) {
      out.writeBool(io.tollgate.limiter.v1.Decision.ALLOWED_FIELD_NUMBER, true);
    }
    List<LimitReport> limits = of.limits();
    int binding = of.bindingIndex();
    remaining(out, limits);
    if (binding >= 0) {
      instant(
          out,
          io.tollgate.limiter.v1.Decision.RESET_AT_FIELD_NUMBER,
          limits.get(binding).resetAtMicros());
    }
    out.writeEnum(io.tollgate.limiter.v1.Decision.CODE_FIELD_NUMBER, code(of.code()).getNumber());
    out.writeByteArray(io.tollgate.limiter.v1.Decision.DECISION_ID_FIELD_NUMBER, id);
    if (binding >= 0 && !of.allowed() && waits(limits.get(binding))) {
      out.writeDouble(
          io.tollgate.limiter.v1.Decision.RETRY_AFTER_MS_FIELD_NUMBER, wait(limits.get(binding)));
    }
    if (of.degraded()) {
      out.writeBool(io.tollgate.limiter.v1.Decision.DEGRADED_FIELD_NUMBER, true);
    }
    if (of.allowed() && queues(limits)) {
      out.writeDouble(
          io.tollgate.limiter.v1.Decision.DELAY_MS_FIELD_NUMBER, millis(of.delayMicros()));
    }
    for (int i = 0; i < limits.size(); i++) {
      CodedOutputStream part = CodedOutputStream.newInstance(limit);
      limit(part, limits.get(i), i == binding);
      nested(
          out,
          io.tollgate.limiter.v1.Decision.LIMITS_FIELD_NUMBER,
          limit,
          part.getTotalBytesWritten());
    }
  }

  /** The least over the limits that are enforced. */
  private static void remaining(CodedOutputStream out, List<LimitReport> limits)
      throws IOException {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < limits.size(); i++) {
      if (!limits.get(i).shadow()) {
        least = Math.min(least, limits.get(i).remaining());
      }
    }
    if (least != Long.MAX_VALUE) {
      out.writeInt64(io.tollgate.limiter.v1.Decision.REMAINING_FIELD_NUMBER, least);
    }
  }

  private static boolean queues(List<LimitReport> limits) {
    for (int i = 0; i < limits.size(); i++) {
      if (!limits.get(i).shadow() && limits.get(i).queues()) {
        return true;
      }
    }
    return false;
  }

  private static void limit(CodedOutputStream out, LimitReport of, boolean binding)
      throws IOException {
    out.writeString(LimitState.NAME_FIELD_NUMBER, of.name());
    out.writeString(LimitState.ALGORITHM_FIELD_NUMBER, of.algorithm());
    out.writeInt64(LimitState.LIMIT_FIELD_NUMBER, of.limit());
    if (of.burst() != of.limit()) {
      out.writeInt64(LimitState.BURST_FIELD_NUMBER, of.burst());
    }
    if (of.remaining() != 0) {
      out.writeInt64(LimitState.REMAINING_FIELD_NUMBER, of.remaining());
    }
    if (of.errorBound() > 0) {
      out.writeInt64(LimitState.ERROR_BOUND_FIELD_NUMBER, of.errorBound());
    }
    instant(out, LimitState.RESET_AT_FIELD_NUMBER, of.resetAtMicros());
    if (waits(of)) {
      out.writeDouble(LimitState.RETRY_AFTER_MS_FIELD_NUMBER, wait(of));
    }
    if (binding) {
      out.writeBool(LimitState.BINDING_FIELD_NUMBER, true);
    }
    if (of.shadow()) {
      out.writeBool(LimitState.SHADOW_FIELD_NUMBER, true);
      out.writeBool(LimitState.ALLOWED_FIELD_NUMBER, of.admitted());
    }
  }

  private static boolean waits(LimitReport limit) {
    return !limit.admitted() && limit.retryAfterMicros().isPresent();
  }

  private static double wait(LimitReport limit) {
    return millis(limit.retryAfterMicros().getAsLong());
  }

  private static void nested(CodedOutputStream out, int field, byte[] bytes, int length)
      throws IOException {
    out.writeTag(field, LENGTH_DELIMITED);
    out.writeUInt32NoTag(length);
    out.write(bytes, 0, length);
  }

  /** A {@code Timestamp}: seconds and nanoseconds, each left out when it is 0. */
  private static void instant(CodedOutputStream out, int field, long micros) throws IOException {
    long seconds = Math.floorDiv(micros, MICROS);
    int nanos = (int) Math.floorMod(micros, MICROS) * 1_000;
    int length =
        (seconds == 0 ? 0 : CodedOutputStream.computeInt64Size(1, seconds))
            + (nanos == 0 ? 0 : CodedOutputStream.computeInt32Size(2, nanos));
    out.writeTag(field, LENGTH_DELIMITED);
    out.writeUInt32NoTag(length);
    if (seconds != 0) {
      out.writeInt64(1, seconds);
    }
    if (nanos != 0) {
      out.writeInt32(2, nanos);
    }
  }

  /** A double holds microseconds of some 280 years exactly enough to be rounded back. */
  static double millis(long micros) {
    return micros / MICROS_OF_MILLI;
  }

  private static Code code(DecisionCode code) {
    return switch (code) {
      case ALLOWED -> Code.ALLOWED;
      case RATE_LIMITED -> Code.RATE_LIMITED;
      case CONCURRENCY_EXCEEDED -> Code.CONCURRENCY_EXCEEDED;
      case OVERLOADED -> Code.OVERLOADED;
      case STORE_UNAVAILABLE -> Code.STORE_UNAVAILABLE;
    };
  }
}
