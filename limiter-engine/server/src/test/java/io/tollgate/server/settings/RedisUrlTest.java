package io.tollgate.server.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.settings.RedisSettings.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

  private static List<String> problems(String url) {
    Map<String, String> environment = Map.of("REDIS_URL", url);
    return assertThrows(SettingsException.class, () -> Settings.of(Map.of(), environment))
        .problems();
  }

  /** The one thing that is wrong with a URL; it is never shown. */
  private static String problem(String url) {
    List<String> problems = problems(url);
    assertEquals(1, problems.size(), problems.toString());
    assertFalse(problems.getFirst().contains("hunter2"), problems.toString());
    return problems.getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h, false, h:6379, 0, , , mymaster",
    "redis://h/, false, h:6379, 0, , , mymaster",
    "REDIS://h:1/1023, false, h:1, 1023, , , mymaster",
    "rediss://h, true, h:6379, 0, , , mymaster",
    "redis://:p@h, false, h:6379, 0, , p, mymaster",
    "redis://u:p@[::1]:2/3, false, ::1:2, 3, u, p, mymaster",
    "rediss://u%40x:a+b%2Fc%3a%C3%A9:d%25@h, true, h:6379, 0, u@x, a+b/c:é:d%, mymaster",
    "'redis-sentinel://a#m', false, a:26379, 0, , , m",
    "'rediss-sentinel://u:p@a,b:1/4#my.master-1', true, 'a:26379,b:1', 4, u, p, my.master-1",
    "'redis-sentinel://:p@[::1],[::2]:3#m', false, '::1:26379,::2:3', 0, , p, m",
    "redis-cluster://a, false, a:6379, 0, , , mymaster",
    "'Redis-Cluster://u:p@a,b:1/', false, 'a:6379,b:1', 0, u, p, mymaster",
    "'rediss-cluster://:p@[::1],[::2]:3/0', true, '::1:6379,::2:3', 0, , p, mymaster",
  })
  void aUrlSaysItAll(
      String url,
      boolean tls,
      String addresses,
      int database,
      @Nullable String username,
      @Nullable String password,
      String master) {
    RedisSettings redis = Settings.of(Map.of(), Map.of("REDIS_URL", url)).redis().orElseThrow();
    assertEquals(tls, redis.tls());
    assertEquals(
        Arrays.asList(addresses.split(",")),
        redis.addresses().stream().map(a -> a.host() + ":" + a.port()).toList());
    String scheme = url.substring(0, url.indexOf(':')).toLowerCase(Locale.ROOT);
    assertEquals(scheme.endsWith("-sentinel"), redis.mode() == Mode.SENTINEL);
    assertEquals(scheme.endsWith("-cluster"), redis.mode() == Mode.CLUSTER);
    assertEquals(database, redis.database());
    assertEquals(Optional.ofNullable(username), redis.username());
    assertEquals(Optional.ofNullable(password), redis.password().map(Secret::value));
    assertEquals(master, redis.sentinelMaster());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "h:6379",
        "http://h",
        "redis:/h",
        "redis+tls://h",
        "redis-clusters://h",
        "redis-cluster-sentinel://h",
        "\n"
      })
  void aUrlBeginsWithItsScheme(String url) {
    assertEquals(
        "REDIS_URL does not begin with redis://, redis-sentinel:// or redis-cluster://, or with"
            + " rediss in place of redis; begin it with one of them",
        problem(url));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://:hun@ter2@h", "redis://u:hunter2/@h", "redis://u:?hunter2@h",
        "redis://u:#hunter2@h", "redis://h/hunter2@", "redis://h?hunter2=@"
      })
  void signsOfAPasswordThatWouldEndItAreEncoded(String url) {
    assertEquals(
        "REDIS_URL has an @ that does not stand between password and address; write %40 %2F %3F"
            + " %23 for @ / ? # in user and password",
        problem(url));
  }

  @ParameterizedTest
  @CsvSource({
    "redis://h?timeout=hunter2, has parameters after a ?",
    "redis://h/1?hunter2, has parameters after a ?",
    "redis://h?, has parameters after a ?",
    "redis://hunter2@h, has no password before its @",
    "redis://hunter2:@h, has no password before its @",
    "redis://@h, has no password before its @",
    "redis://u:hunter2%@h, has a % in user or password",
    "redis://u:hunter2%4@h, has a % in user or password",
    "redis://u:hunter2%-1@h, has a % in user or password",
    "redis://u:hunter2%E9@h, has a % in user or password",
    "redis://hunter2%zz:p@h, has a % in user or password",
    "redis://, has an address that is not host:port",
    "redis://u:hunter2@, has an address that is not host:port",
    "redis://hunter2:hunter2, has an address that is not host:port",
    "redis://h:0, has an address that is not host:port",
    "'redis://a,b', names more than one Redis",
    "redis://h/1024, has a path that is not a database from 0 to 1023",
    "redis://h/-1, has a path that is not a database from 0 to 1023",
    "redis://h/99999, has a path that is not a database from 0 to 1023",
    "redis://h/hunter2, has a path that is not a database from 0 to 1023",
    "redis://h/1/, has a path that is not a database from 0 to 1023",
    "redis://h#hunter2, has a # and no sentinels",
    "redis://h#, has a # and no sentinels",
    "redis-sentinel://h, does not end with the name of a master",
    "redis-sentinel://h#, does not end with the name of a master",
    "redis-sentinel://h#hunter2!, does not end with the name of a master",
    "redis-sentinel://h/2#a b, does not end with the name of a master",
    "redis-cluster://h/1, 'names a database, and a Cluster has one only; leave its path out'",
    "redis-cluster://h/1024, has a path that is not a database from 0 to 1023",
    "redis-cluster://h/hunter2, has a path that is not a database from 0 to 1023",
    "redis-cluster://h#hunter2, 'has a # and no sentinels; begin it with redis-sentinel://'",
    "'redis-cluster://a,,b', has an address that is not host:port",
    "redis-cluster://hunter2@h, has no password before its @",
    "redis-cluster://h?hunter2, has parameters after a ?",
  })
  void aWrongPartOfAUrlIsRefusedWithoutShowingIt(String url, String what) {
    String problem = problem(url);
    assertTrue(problem.startsWith("REDIS_URL " + what), problem);
    assertTrue(problem.contains("; "), problem);
  }

  @Test
  void severalOfOneRedisAreRefusedWithTheKindsOfUrlThatHaveThem() {
    assertEquals(
        "REDIS_URL names more than one Redis; name one, or begin with redis-sentinel or"
            + " redis-cluster",
        problem("redis://:hunter2@a,b"));
  }

  @Test
  void everyWrongPartOfAUrlIsReportedAtOnce() {
    assertEquals(5, problems("redis://u@h:0/x?y#m").size());
  }
}
