package io.tollgate.server.door;

import java.util.Locale;

/** What can be wrong with a request; each has its paragraph in {@code docs/errors.md}. */
public enum ErrorCode {
  /** The bytes are not HTTP. */
  MALFORMED_REQUEST(400, "The request is not valid HTTP"),
  /** Two lengths. */
  AMBIGUOUS_LENGTH(400, "The request has two lengths"),
  /** No host, several, or none that could be one. */
  INVALID_HOST(400, "The host is missing, repeated or wrong"),
  /** A coding other than chunked. */
  UNSUPPORTED_TRANSFER_ENCODING(400, "The transfer coding is not supported"),
  /** A path that could be read in two ways. */
  INVALID_PATH(400, "The path is not valid"),
  /** Bytes that are no UTF-8. */
  INVALID_UTF8(400, "The body is not UTF-8"),
  /** A text that is no JSON. */
  INVALID_JSON(400, "The body is not JSON"),
  /** A name twice in one object. */
  DUPLICATE_KEY(400, "A JSON object has a key twice"),
  /** Too deep, or a number or name too long. */
  JSON_OUT_OF_BOUNDS(400, "The JSON is out of bounds"),
  /** A field with a wrong value. */
  INVALID_FIELD(400, "A field is invalid"),
  /** A field that must be there. */
  MISSING_FIELD(400, "A field is missing"),
  /** An API key where there are none. */
  KEY_NOT_SUPPORTED(400, "This server has no API keys"),
  /** Not what the limits file would take. */
  INVALID_NAMESPACE(400, "The namespace cannot be used"),
  /** More checks than one call may have. */
  BATCH_TOO_LARGE(400, "The batch has too many checks"),
  /** All or nothing, over counters that cannot change in one step. */
  CROSS_OWNER(400, "The checks have several owners"),
  /** No token, or a wrong one. */
  UNAUTHORIZED(401, "The token is missing or wrong"),
  /** Nothing by which the namespace knows a request of a gateway's. */
  NO_IDENTITY(401, "The request does not say whose it is"),
  /** May come from a page in a browser. */
  FOREIGN_ORIGIN(403, "The request may come from a web page"),
  /** Nothing at that path. */
  NOT_FOUND(404, "There is nothing at this path"),
  /** No limits of that name. */
  NAMESPACE_NOT_FOUND(404, "The namespace does not exist"),
  /** No reservation of that id. */
  RESERVATION_NOT_FOUND(404, "The reservation does not exist"),
  /** No lease of that id. */
  LEASE_NOT_FOUND(404, "The lease does not exist"),
  /** Something else than this method is at that path. */
  METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
  /** The client was too slow. */
  REQUEST_TIMEOUT(408, "The request took too long to arrive"),
  /** Settled by an earlier call. */
  RESERVATION_SETTLED(409, "The reservation was settled before"),
  /** Of the limits file. */
  NAMESPACE_READ_ONLY(409, "The namespace belongs to the limits file"),
  /** Committed when its time was over. */
  RESERVATION_EXPIRED(410, "The reservation has expired"),
  /** Its time was over, or it was released. */
  LEASE_EXPIRED(410, "The lease has ended"),
  /** More bytes than the route reads. */
  BODY_TOO_LARGE(413, "The body is too large"),
  /** A request line of more than 8 KiB. */
  URI_TOO_LONG(414, "The request line is too long"),
  /** A compressed body. */
  UNSUPPORTED_ENCODING(415, "The content encoding is not supported"),
  /** An Expect other than 100-continue. */
  EXPECTATION_FAILED(417, "The expectation cannot be met"),
  /** More than 16 KiB or 100 headers. */
  HEADERS_TOO_LARGE(431, "The headers are too large"),
  /** Our own fault. */
  INTERNAL(500, "The server failed"),
  /** Nothing can be written to disk. */
  STORAGE_UNAVAILABLE(503, "The change could not be kept"),
  /** Nobody knows what was used, so it cannot be changed. */
  STORE_UNAVAILABLE(503, "The store of the limits is away"),
  /** More at once than metrics are put together for. */
  TOO_MANY_SCRAPES(503, "Too many scrapes are under way"),
  /** Another HTTP than 1.0, 1.1 and 2. */
  VERSION_NOT_SUPPORTED(505, "The HTTP version is not supported");

  private final int status;
  private final String title;

  ErrorCode(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** Where our documentation explains it, relative to the place that serves it. */
  public String type() {
    return "/docs/errors#" + anchor();
  }

  public String anchor() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
