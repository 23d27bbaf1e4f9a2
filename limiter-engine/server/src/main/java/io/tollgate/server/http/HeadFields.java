package io.tollgate.server.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The headers that matter here, found in one pass; reused by a connection. */
final class HeadFields {

  private static final AsciiString PREFER = AsciiString.cached("prefer");
  private static final AsciiString FETCH_SITE = AsciiString.cached("sec-fetch-site");
  private static final AsciiString GATEWAY_TOKEN = AsciiString.cached("x-tollgate-token");
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");

  private int count;
  private int hosts;
  private @Nullable CharSequence host;
  private @Nullable CharSequence origin;
  private @Nullable CharSequence fetchSite;
  private @Nullable CharSequence prefer;
  private @Nullable CharSequence accept;
  private int authorizations;
  private int gatewayTokens;
  private long contentLength;
  private @Nullable CharSequence transferEncoding;
  private @Nullable CharSequence connection;
  private @Nullable CharSequence expect;
  private @Nullable CharSequence contentEncoding;
  private @Nullable CharSequence requestId;
  private @Nullable CharSequence authorization;
  private @Nullable CharSequence gatewayToken;

  void clear() {
    count = 0;
    hosts = 0;
    host = null;
    origin = null;
    fetchSite = null;
    prefer = null;
    accept = null;
    authorizations = 0;
    gatewayTokens = 0;
    contentLength = -1;
    transferEncoding = null;
    connection = null;
    expect = null;
    contentEncoding = null;
    requestId = null;
    authorization = null;
    gatewayToken = null;
  }

  void read(HttpHeaders headers) {
    read(headers.iteratorCharSequence());
  }

  /** Reads names and values; those that begin with a colon, as HTTP/2 has them, count too. */
  void read(Iterator<? extends Map.Entry<CharSequence, CharSequence>> all) {
    clear();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      count++;
      note(header.getKey(), header.getValue());
    }
  }

  private void note(CharSequence name, CharSequence value) {
    switch (name.length()) {
      case 4 -> {
        if (is(HttpHeaderNames.HOST, name)) {
          host = value;
          hosts++;
        }
      }
      case 6 -> six(name, value);
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
        } else if (is(FETCH_SITE, name)) {
          fetchSite = value;
        }
      }
      case 16 -> sixteen(name, value);
      case 17 ->
          transferEncoding =
              is(HttpHeaderNames.TRANSFER_ENCODING, name)
                  ? joined(transferEncoding, value)
                  : transferEncoding;
      default -> {}
    }
  }

  private void six(CharSequence name, CharSequence value) {
    if (is(HttpHeaderNames.EXPECT, name)) {
      expect = joined(expect, value);
    } else if (is(HttpHeaderNames.ORIGIN, name)) {
      origin = value;
    } else if (is(PREFER, name)) {
      prefer = joined(prefer, value);
    } else if (is(HttpHeaderNames.ACCEPT, name)) {
      accept = joined(accept, value);
    }
  }

  private void sixteen(CharSequence name, CharSequence value) {
    if (is(HttpHeaderNames.CONTENT_ENCODING, name)) {
      contentEncoding = joined(contentEncoding, value);
    } else if (is(GATEWAY_TOKEN, name)) {
      gatewayToken = value;
      gatewayTokens++;
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

  /** The Host header; null when there is none. */
  @Nullable CharSequence host() {
    return host;
  }

  /** Takes the authority of HTTP/2, which stands for a Host header. */
  void host(CharSequence authority) {
    host = authority;
    hosts = 1;
  }

  /** What a browser says of the page that sends this; null when it says nothing. */
  @Nullable CharSequence origin() {
    return origin;
  }

  /** How a browser says that page and server relate; null when it says nothing. */
  @Nullable CharSequence fetchSite() {
    return fetchSite;
  }

  /** What the client can read; null when it does not say. */
  @Nullable CharSequence accept() {
    return accept;
  }

  /** Whether a preference of RFC 7240 is among those sent; of several values the first counts. */
  boolean prefers(String name, String value) {
    return prefer != null
        && Preferences.first(prefer.toString(), name).filter(value::equals).isPresent();
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

  /** The token of a gateway; null when there is none, or more than one. */
  @Nullable CharSequence gatewayToken() {
    return gatewayTokens == 1 ? gatewayToken : null;
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
