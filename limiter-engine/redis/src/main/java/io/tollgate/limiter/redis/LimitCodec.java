package io.tollgate.limiter.redis;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Algorithm.LeakyMode;
import io.tollgate.limiter.algorithm.Alignment;
import io.tollgate.limiter.algorithm.Period;
import io.tollgate.limiter.limit.Limit;
import io.tollgate.limiter.limit.LimitKey;
import io.tollgate.limiter.limit.StoreFailure;
import io.tollgate.limiter.store.CheckBuffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Limits as bytes, so that another instance can read an answer whose limits it never had. */
final class LimitCodec {

  /** An answer that is repeated has no counters. */
  private static final LimitKey NOWHERE = new LimitKey(1, 0);

  private LimitCodec() {}

  /** A limit as it was written. */
  private record Written(String name, boolean shadow, long cost, Algorithm algorithm) {

    Limit limit(long allotment) {
      return new Limit(name, algorithm, shadow, StoreFailure.LOCAL, allotment);
    }
  }

  /** What {@link #read} reads: limits and costs of a question. */
  static byte[] bytes(CheckBuffer question) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(question.size());
      for (int i = 0; i < question.size(); i++) {
        Limit limit = question.limit(i);
        out.writeUTF(limit.name());
        out.writeBoolean(limit.shadow());
        out.writeLong(question.cost(i));
        write(out, limit.algorithm());
      }
      writeAllotments(out, question);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /** Behind all limits, where releases that know no allotments do not look. */
  private static void writeAllotments(DataOutputStream out, CheckBuffer question)
      throws IOException {
    boolean any = false;
    for (int i = 0; i < question.size(); i++) {
      any |= question.limit(i).allots();
    }
    for (int i = 0; any && i < question.size(); i++) {
      out.writeLong(question.limit(i).allotment());
    }
  }

  private static void write(DataOutputStream out, Algorithm algorithm) throws IOException {
    out.writeUTF(algorithm.wireName());
    out.writeLong(algorithm.limit());
    switch (algorithm) {
      case Algorithm.FixedWindow(long _, Period period, Alignment alignment) -> {
        out.writeLong(period instanceof Period.Span span ? span.micros() : 0);
        out.writeUTF(
            switch (alignment) {
              case Alignment.Epoch() -> "epoch";
              case Alignment.FirstCall() -> "first_call";
              case Alignment.Calendar(ZoneId zone) -> "calendar " + zone.getId();
            });
      }
      case Algorithm.SlidingWindow(long _, long period) -> out.writeLong(period);
      case Algorithm.SlidingLog(long _, long period) -> out.writeLong(period);
      case Algorithm.TokenBucket(long _, long period, long burst) -> two(out, period, burst);
      case Algorithm.Gcra(long _, long period, long burst) -> two(out, period, burst);
      case Algorithm.LeakyBucket(long _, long period, long burst, LeakyMode mode, long delay) -> {
        two(out, period, burst);
        out.writeUTF(mode.name());
        out.writeLong(delay);
      }
      case Algorithm.Concurrency(long _, long ttl, long _) -> out.writeLong(ttl);
    }
  }

  private static void two(DataOutputStream out, long first, long second) throws IOException {
    out.writeLong(first);
    out.writeLong(second);
  }

  /**
   * Makes a buffer hold the question that {@link #bytes} wrote.
   *
   * @throws IllegalArgumentException when these are no such bytes
   */
  static void read(byte[] bytes, CheckBuffer into) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      List<Written> all = new ArrayList<>();
      for (int left = in.readUnsignedShort(); left > 0; left--) {
        all.add(new Written(in.readUTF(), in.readBoolean(), in.readLong(), read(in)));
      }
      into.begin(into.realm());
      for (Written one : all) {
        long allotment = in.available() > 0 ? in.readLong() : 0;
        into.add(one.limit(allotment), NOWHERE, "", one.cost);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the limits of a stored answer cannot be read", e);
    }
  }

  private static Algorithm read(DataInputStream in) throws IOException {
    String name = in.readUTF();
    long limit = in.readLong();
    return switch (name) {
      case "fixed_window" -> fixedWindow(limit, in.readLong(), in.readUTF());
      case "sliding_window" -> new Algorithm.SlidingWindow(limit, in.readLong());
      case "sliding_log" -> new Algorithm.SlidingLog(limit, in.readLong());
      case "token_bucket" -> new Algorithm.TokenBucket(limit, in.readLong(), in.readLong());
      case "gcra" -> new Algorithm.Gcra(limit, in.readLong(), in.readLong());
      case "leaky_bucket" ->
          new Algorithm.LeakyBucket(
              limit, in.readLong(), in.readLong(), LeakyMode.valueOf(in.readUTF()), in.readLong());
      case "concurrency" -> new Algorithm.Concurrency(limit, in.readLong());
      default -> throw new IOException("no algorithm is called " + name);
    };
  }

  private static Algorithm fixedWindow(long limit, long micros, String alignment) {
    Period period = micros == 0 ? Period.MONTH : new Period.Span(micros);
    return new Algorithm.FixedWindow(
        limit,
        period,
        switch (alignment) {
          case "epoch" -> new Alignment.Epoch();
          case "first_call" -> new Alignment.FirstCall();
          default -> new Alignment.Calendar(ZoneId.of(alignment.substring("calendar ".length())));
        });
  }
}
