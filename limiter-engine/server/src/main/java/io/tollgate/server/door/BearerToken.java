package io.tollgate.server.door;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A shared secret that opens some of the calls. */
public final class BearerToken {

  private static final String SCHEME = "Bearer ";

  private final byte[] secret;

  public BearerToken(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException("the token is blank");
    }
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether an Authorization header carries it; compared in a time that says nothing of it. */
  public boolean admits(@Nullable CharSequence authorization) {
    if (authorization == null) {
      return false;
    }
    String given = authorization.toString().strip();
    if (!given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    return is(given.substring(SCHEME.length()).strip());
  }

  /** Whether a header holds it and nothing else; compared in a time that says nothing of it. */
  public boolean is(@Nullable CharSequence header) {
    // Netty reads header bytes as Latin-1; a token of other characters comes as its UTF-8 bytes.
    return header != null
        && MessageDigest.isEqual(header.toString().getBytes(StandardCharsets.ISO_8859_1), secret);
  }

  /** Whether these bytes are it, as other protocols than HTTP carry it; compared as above. */
  public boolean is(byte[] given) {
    return MessageDigest.isEqual(given, secret);
  }
}
