package io.tollgate.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers that matter here, found in one pass; reused by a connection. */
final class HeadFields {

  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

  private int count;
  private int hosts;
  private int authorizations;
  private long contentLength;
  private @Nullable CharSequence transferEncoding;
  private @Nullable CharSequence connection;
  private @Nullable CharSequence expect;
  private @Nullable CharSequence contentEncoding;
  private @Nullable CharSequence requestId;
  private @Nullable CharSequence authorization;

  void clear() {
    count = 0;
    hosts = 0;
    authorizations = 0;
    contentLength = -1;
    transferEncoding = null;
    connection = null;
    expect = null;
    contentEncoding = null;
    requestId = null;
    authorization = null;
  }

  void read(HttpHeaders headers) {
    clear();
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      count++;
      note(header.getKey(), header.getValue());
    }
  }

  private void note(CharSequence name, CharSequence value) {
    switch (name.length()) {
      case 4 -> hosts += is(HttpHeaderNames.HOST, name) ? 1 : 0;
      case 6 -> expect = is(HttpHeaderNames.EXPECT, name) ? joined(expect, value) : expect;
      case 10 ->
          connection =
              is(HttpHeaderNames.CONNECTION, name) ? joined(connection, value) : connection;
      case 12 -> requestId = is(REQUEST_ID, name) ? value : requestId;
      case 13 -> {
        if (is(HttpHeaderNames.AUTHORIZATION, name)) {
          authorization = value;
          authorizations++;
        }
      }
      case 14 -> {
        if (is(HttpHeaderNames.CONTENT_LENGTH, name)) {
          contentLength = length(value);
        }
      }
      case 16 ->
          contentEncoding =
              is(HttpHeaderNames.CONTENT_ENCODING, name)
                  ? joined(contentEncoding, value)
                  : contentEncoding;
      case 17 ->
          transferEncoding =
              is(HttpHeaderNames.TRANSFER_ENCODING, name)
                  ? joined(transferEncoding, value)
                  : transferEncoding;
      default -> {}
    }
  }

  private static boolean is(AsciiString wanted, CharSequence name) {
    return wanted.contentEqualsIgnoreCase(name);
  }

  /** RFC 9110 5.3: several lines of a list mean one line with commas. */
  private static CharSequence joined(@Nullable CharSequence before, CharSequence value) {
    return before == null ? value : before + ", " + value;
  }

  /** The decoder has refused what is no number; the largest stands for one past a long. */
  private static long length(CharSequence value) {
    try {
      return Long.parseLong(value, 0, value.length(), 10);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }

  int count() {
    return count;
  }

  int hosts() {
    return hosts;
  }

  /** The announced length of the body; -1 when none was. */
  long contentLength() {
    return contentLength;
  }

  @Nullable CharSequence requestId() {
    return requestId;
  }

  /** The credential; null when there is none, or more than one. */
  @Nullable CharSequence authorization() {
    return authorizations == 1 ? authorization : null;
  }

  boolean hasTransferEncoding() {
    return transferEncoding != null;
  }

  boolean isChunked() {
    return transferEncoding != null
        && "chunked".equalsIgnoreCase(transferEncoding.toString().strip());
  }

  boolean expects() {
    return expect != null;
  }

  boolean expectsContinue() {
    return expect != null && "100-continue".equalsIgnoreCase(expect.toString().strip());
  }

  /** Whether the body is encoded, as by gzip. */
  boolean isEncoded() {
    return contentEncoding != null
        && !"identity".equalsIgnoreCase(contentEncoding.toString().strip());
  }

  /** Whether the Connection header holds a token. */
  boolean connectionSays(String token) {
    if (connection == null) {
      return false;
    }
    for (String said : connection.toString().split(",", -1)) {
      if (said.strip().equalsIgnoreCase(token)) {
        return true;
      }
    }
    return false;
  }
}
