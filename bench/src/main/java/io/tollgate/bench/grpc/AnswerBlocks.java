package io.tollgate.bench.grpc;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Says what the header blocks of one connection's answers mean. Not safe for several threads.
 *
 * <p>A block is read once by Netty's decoder. The same bytes again mean the same as long as no
 * block has changed the table that they point to, so they are only compared; the blocks of a server
 * that answers alike differ only in the first answers.
 */
final class AnswerBlocks {

  /** What a block says. */
  enum Verdict {
    /** An answer begins: status 200. */
    BEGINS,
    /** It has ended with the status OK. */
    OK,
    /** Anything else. */
    FAILED
  }

  /** Far above the headers of all servers here. */
  private static final long MOST_HEADERS = 64 * 1024;

  private static final String STATUS_OK = "200";
  private static final String GRPC_OK = "0";

  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, MOST_HEADERS);

  private final byte[][] known = new byte[2][];
  private final Verdict[] verdicts = {Verdict.FAILED, Verdict.FAILED};
  private long decoded;
  private String failure = "";

  /**
   * Reads a whole block.
   *
   * @param end whether the answer ends with it
   * @throws IllegalStateException when it is none
   */
  Verdict read(byte[] bytes, int from, int to, boolean end) {
    int place = end ? 1 : 0;
    byte @Nullable [] same = known[place];
    if (same != null && Arrays.equals(same, 0, same.length, bytes, from, to)) {
      return verdicts[place];
    }
    Verdict verdict = decode(bytes, from, to, end);
    if (changesTable(bytes, from, to)) {
      Arrays.fill(known, null);
    } else {
      known[place] = Arrays.copyOfRange(bytes, from, to);
      verdicts[place] = verdict;
    }
    return verdict;
  }

  /** How many blocks were new. */
  long decoded() {
    return decoded;
  }

  /** What the last new block that failed has said. */
  String failure() {
    return failure;
  }

  private Verdict decode(byte[] bytes, int from, int to, boolean end) {
    decoded++;
    Http2Headers headers;
    try {
      headers = decoder.decodeHeaders(1, Unpooled.wrappedBuffer(bytes, from, to - from));
    } catch (Http2Exception e) {
      throw new IllegalStateException("a header block that cannot be read: " + e.getMessage(), e);
    }
    CharSequence status = headers.status();
    CharSequence grpc = headers.get("grpc-status");
    boolean good = status == null ? end : STATUS_OK.contentEquals(status);
    if (good && !end && grpc == null) {
      return Verdict.BEGINS;
    }
    if (good && end && grpc != null && GRPC_OK.contentEquals(grpc)) {
      return Verdict.OK;
    }
    failure = headers.toString();
    return Verdict.FAILED;
  }

  /** Whether a block adds to the table of headers, or changes its size (RFC 7541, section 6). */
  private static boolean changesTable(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      int b = bytes[at] & 0xff;
      if (b >= 0x80) {
        at = afterInt(bytes, at, to, 0x7f);
      } else if (b >= 0x20) {
        return true;
      } else {
        boolean named = (b & 0x0f) != 0;
        at = afterInt(bytes, at, to, 0x0f);
        at = named ? at : afterText(bytes, at, to);
        at = afterText(bytes, at, to);
      }
    }
    return false;
  }

  private static int afterText(byte[] bytes, int at, int to) {
    int length = bytes[at] & 0x7f;
    int begin = afterInt(bytes, at, to, 0x7f);
    if (length == 0x7f) {
      length += (int) Proto.varint(bytes, at + 1, to);
    }
    return begin + length;
  }

  private static int afterInt(byte[] bytes, int at, int to, int prefix) {
    return (bytes[at] & prefix) == prefix ? Proto.afterVarint(bytes, at + 1, to) : at + 1;
  }
}
