package io.tollgate.limiter.redis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The namespaces that were made through the API, where all instances see them: their texts by name,
 * each changed as a whole.
 *
 * <p>Every method waits for Redis, at most for a given time, and must not be called on an event
 * loop. Safe for use by any number of threads.
 */
public final class RedisNamespaces {

  /**
   * What is kept.
   *
   * @param version changes with every change; 0 when nothing was ever kept
   * @param texts by name
   */
  public record Kept(long version, SortedMap<String, String> texts) {}

  private static final String DONE = "done";
  private static final String FULL = "full";

  private final ScriptPort port;
  private final Executor loop;
  private final List<byte[]> keys;
  private final Duration patience;

  /**
   * Namespaces behind a port.
   *
   * @param loop the thread that the port is confined to
   * @param prefix begins every key
   * @param patience how long a call may take
   */
  RedisNamespaces(ScriptPort port, Executor loop, String prefix, Duration patience) {
    this.port = port;
    this.loop = loop;
    this.keys = List.of(Fleet.key(prefix, Fleet.NAMESPACES));
    this.patience = patience;
  }

  /**
   * Everything.
   *
   * @throws IOException when Redis does not say
   */
  public Kept read() throws IOException {
    List<String> said = call(List.of("read"));
    SortedMap<String, String> texts = new TreeMap<>();
    for (int i = 2; i < said.size(); i += 2) {
      texts.put(said.get(i), said.get(i + 1));
    }
    return new Kept(Long.parseLong(said.get(1)), texts);
  }

  /**
   * Keeps one, in the place of one of that name.
   *
   * @param most how many there may be
   * @return whether there was room
   * @throws IOException when nobody knows whether it is kept
   */
  public boolean put(String name, String text, int most) throws IOException {
    return !call(List.of("put", Integer.toString(most), name, text)).getFirst().equals(FULL);
  }

  /**
   * Keeps one no longer.
   *
   * @return whether there was one
   * @throws IOException when nobody knows whether it is still kept
   */
  public boolean delete(String name) throws IOException {
    return call(List.of("delete", name)).getFirst().equals(DONE);
  }

  /**
   * Puts back what a Redis that was emptied has lost; changes nothing where there is anything.
   *
   * @throws IOException when nobody knows
   */
  public void offer(Kept kept) throws IOException {
    List<String> items = new ArrayList<>(List.of("offer", Long.toString(kept.version())));
    kept.texts().forEach((name, text) -> items.addAll(List.of(name, text)));
    call(items);
  }

  private List<String> call(List<String> words) throws IOException {
    CompletableFuture<List<byte[]>> said = new CompletableFuture<>();
    List<byte[]> items = words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toList();
    loop.execute(() -> port.call(Script.NAMESPACES, keys, items, Answers.completing(said)));
    try {
      return said.get(patience.toNanos(), TimeUnit.NANOSECONDS).stream()
          .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
          .toList();
    } catch (TimeoutException e) {
      throw new IOException("Redis has not answered within " + patience.toMillis() + " ms", e);
    } catch (ExecutionException e) {
      Throwable why = e.getCause() == null ? e : e.getCause();
      throw new IOException("Redis: " + why.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
