package io.tollgate.limiter.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** A Lua text, put together from its parts, and the name that Redis gives it. */
public enum Script {
  /** Checks of counters: short, since Redis makes each function of a script anew in each call. */
  CHECK("counters.lua", "check.lua"),

  /** Every verb over every kind of limit. */
  VERBS("counters.lua", "changes.lua", "lists.lua", "limits.lua", "verbs.lua"),

  /** Reads what is stored under keys. */
  READ("read.lua"),

  /** What instances know of each other. */
  FLEET("rights.lua", "fleet.lua"),

  /** The namespaces that were made through the API. */
  NAMESPACES("namespaces.lua"),

  /** Whether a user may run what the others run. */
  TRIAL("rights.lua", "trial.lua");

  private final String text;
  private final String sha1;

  Script(String... parts) {
    this.text = Arrays.stream(parts).map(Script::read).collect(Collectors.joining("\n"));
    this.sha1 = sha1(text);
  }

  private static String read(String part) {
    try (InputStream in = Script.class.getResourceAsStream(part)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + part);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + part + " from the jar", e);
    }
  }

  private static String sha1(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** Whether each item of a call is a step of somebody. */
  boolean hasSteps() {
    return this == CHECK || this == VERBS || this == READ;
  }

  /** What EVAL and SCRIPT LOAD take. */
  public String text() {
    return text;
  }

  /** What EVALSHA takes. */
  public String sha1() {
    return sha1;
  }
}
