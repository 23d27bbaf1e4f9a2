package io.tollgate.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * A redis-server that is asked for a plain script of GCRA: what people do who have Redis and no
 * rate limiter.
 *
 * @param script its text
 * @param sha1 the name that Redis gives it
 */
record ScriptPeer(String script, String sha1) implements Peer {

  static final String NAME = "Redis script";

  private static final String FILE = "gcra.lua";

  /** With the script that stands beside this class. */
  static ScriptPeer ofResource() {
    try (InputStream in = ScriptPeer.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + FILE + " is missing");
      }
      byte[] text = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text);
      return new ScriptPeer(
          new String(text, StandardCharsets.US_ASCII), HexFormat.of().formatHex(digest));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String asked() {
    return "redis-server alone: EVALSHA of "
        + FILE
        + ", a plain GCRA of TIME, GET and SET, 1 user_#######"
        + RespNumbers.text();
  }

  @Override
  public Question question() {
    return RespNumbers.question(0, "EVALSHA", sha1, "1", "user_" + Question.SLOT);
  }

  @Override
  public void prepare(int port) throws IOException {
    ScriptLine.load(port, script, sha1);
  }

  @Override
  public List<String> command(Path folder, int port) {
    return Redis.command(folder, port, false);
  }

  @Override
  public List<Long> workers(ProcessHandle started) {
    return List.of(started.pid());
  }
}
