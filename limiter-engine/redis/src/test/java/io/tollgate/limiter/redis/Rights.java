package io.tollgate.limiter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The rights that docs/redis.md gives to a user.
 *
 * @param line the call of redis-cli there
 */
record Rights(String line) {

  static final String USER = "limiter";
  static final String PASSWORD = "secret";
  static final String PREFIX = "tollgate:";

  private static final Pattern EXAMPLE =
      Pattern.compile("## Rights\n.*?```sh\n(redis-cli ACL SETUSER .*?)```", Pattern.DOTALL);

  private static final Pattern OF_CLUSTERS =
      Pattern.compile("```sh\n(redis-cli ACL SETUSER limiter [^\n]*\\+asking[^\n]*)\n```");

  private static final Pattern RIGHT = Pattern.compile(" \\+([a-z]+)");

  /** As they stand in the page. */
  static Rights documented() {
    return of(EXAMPLE);
  }

  /** Those that a Cluster's servers must give besides, as they stand in the page. */
  static Rights ofClusters() {
    return of(OF_CLUSTERS);
  }

  private static Rights of(Pattern line) {
    try {
      Path page = Path.of(System.getProperty("tollgate.root"), "docs", "redis.md");
      Matcher example = line.matcher(Files.readString(page));
      if (!example.find()) {
        throw new IllegalStateException(page + " shows no rights");
      }
      return new Rights(example.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All but one. */
  Rights without(String command) {
    return new Rights(line.replaceAll(" \\+" + command + "\\b", ""));
  }

  /** The commands that they allow. */
  Set<String> commands() {
    return RIGHT
        .matcher(line)
        .results()
        .map(r -> r.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Gives them to the user, as an operator does. */
  void grant(int port) {
    String here = line.replace("redis-cli", "redis-cli -e -p " + port);
    try {
      Process shell = new ProcessBuilder("sh", "-ec", here).redirectErrorStream(true).start();
      String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!shell.waitFor(30, TimeUnit.SECONDS) || !output.strip().equals("OK")) {
        throw new IllegalStateException(here + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("install redis-tools", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How the user enters. */
  static String url(int port) {
    return "redis://" + USER + ":" + PASSWORD + "@127.0.0.1:" + port;
  }
}
