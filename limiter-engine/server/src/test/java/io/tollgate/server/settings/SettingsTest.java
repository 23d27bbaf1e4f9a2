package io.tollgate.server.settings;

import static io.tollgate.server.settings.SomeSettings.problems;
import static io.tollgate.server.settings.SomeSettings.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.address.Cidr;
import io.tollgate.server.address.TrustedProxies;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private static final String KEY = "00112233445566778899aAbBcCdDeEfF";

  @Test
  void withoutAnySettingTheDocumentedDefaultsHold() {
    assertEquals(
        new Settings(
            new ListenSettings(
                InetAddress.ofLiteral("127.0.0.1"),
                8080,
                8081,
                OptionalInt.of(9090),
                Optional.empty(),
                20_000,
                TrustedProxies.NONE),
            Optional.empty(),
            new SecretSettings(Optional.empty(), Optional.empty(), Optional.empty()),
            new LimitsSettings.BuiltIn(100, 60),
            Optional.empty(),
            new DataSettings(Optional.empty(), false),
            new LogSettings(LogLevel.INFO, LogFormat.JSON)),
        settings());
  }

  @Test
  void everyVariableIsObeyed() {
    assertEquals(
        new Settings(
            new ListenSettings(
                InetAddress.ofLiteral("0.0.0.0"),
                1,
                0,
                OptionalInt.of(2),
                Optional.of(new RespSettings(3, "cells")),
                5,
                new TrustedProxies(
                    List.of(
                        Cidr.parse("10.0.0.0/8").orElseThrow(), Cidr.parse("::1").orElseThrow()))),
            Optional.of(
                new TlsSettings(
                    Path.of("c.pem"), Path.of("k.pem"), Optional.of(Path.of("ca.pem")))),
            new SecretSettings(
                Optional.of(new Secret("t")),
                Optional.of(new Secret("a")),
                Optional.of(new HashKey(0x0011223344556677L, 0x8899aabbccddeeffL))),
            new LimitsSettings.File(Path.of("l.yaml")),
            Optional.empty(),
            new DataSettings(Optional.of(Path.of("data")), true),
            new LogSettings(LogLevel.WARN, LogFormat.TEXT)),
        settings(
            "MODE", "standalone",
            "TOLLGATE_BIND", "0.0.0.0",
            "TOLLGATE_HTTP_PORT", "1",
            "TOLLGATE_ADMIN_PORT", "0",
            "TOLLGATE_GRPC_PORT", "2",
            "TOLLGATE_RESP_PORT", "3",
            "TOLLGATE_RESP_NAMESPACE", "cells",
            "TOLLGATE_MAX_CONNECTIONS", "5",
            "TOLLGATE_TRUSTED_PROXIES", "10.0.0.0/8, ::1",
            "TOLLGATE_TLS_CERT", "c.pem",
            "TOLLGATE_TLS_KEY", "k.pem",
            "TOLLGATE_TLS_CLIENT_CA", "ca.pem",
            "TOLLGATE_TOKEN", "t",
            "TOLLGATE_ADMIN_TOKEN", "a",
            "TOLLGATE_HASH_KEY", KEY,
            "TOLLGATE_DATA_DIR", "data",
            "TOLLGATE_LIMITS", "l.yaml",
            "LOG_LEVEL", "WARN",
            "LOG_FORMAT", "Text"));
  }

  @ParameterizedTest
  @CsvSource({
    "XDG_DATA_HOME, /x, HOME, /h, /x/tollgate",
    "XDG_DATA_HOME, not/absolute, HOME, /h, /h/.local/share/tollgate",
    "XDG_DATA_HOME, '', HOME, /h, /h/.local/share/tollgate",
    "XDG_DATA_HOME, '', HOME, '', ",
    "XDG_DATA_HOME, '', HOME, h, ",
    "XDG_DATA_HOME, '', HOME, 'a\0b', ",
  })
  void withoutAChoiceTheDataFolderIsTheUsersOwnIfThereIsOne(
      String first, String of, String second, String or, @Nullable String folder) {
    assertEquals(
        new DataSettings(Optional.ofNullable(folder).map(Path::of), false),
        settings(first, of, second, or).data());
  }

  @ParameterizedTest
  @CsvSource({
    "TOLLGATE_TLS_CERT c, TOLLGATE_TLS_CERT, TOLLGATE_TLS_KEY",
    "TOLLGATE_TLS_KEY k, TOLLGATE_TLS_KEY, TOLLGATE_TLS_CERT",
    "TOLLGATE_TLS_CLIENT_CA a, TOLLGATE_TLS_CLIENT_CA, TOLLGATE_TLS_CERT and TOLLGATE_TLS_KEY",
    "TOLLGATE_TLS_CLIENT_CA a TOLLGATE_TLS_KEY k, TOLLGATE_TLS_KEY, TOLLGATE_TLS_CERT",
  })
  void halfOfTlsIsRefused(String environment, String set, String missing) {
    assertEquals(
        List.of(set + " is set without " + missing + "; set what is missing, or unset " + set),
        problems(environment.split(" ")));
  }

  @Test
  void aTokenThatOpensBothChecksAndAdministrationIsRefusedWithoutShowingIt() {
    assertEquals(
        List.of(
            "TOLLGATE_ADMIN_TOKEN is the same as TOLLGATE_TOKEN, so whoever may check could change"
                + " limits; make another with: openssl rand -hex 32"),
        problems("TOLLGATE_TOKEN", "hunter2", "TOLLGATE_ADMIN_TOKEN", "hunter2"));
  }

  @Test
  void theSeedsNumbersShapeTheBuiltInExample() {
    assertEquals(
        new LimitsSettings.BuiltIn(5, 10),
        settings("BASE_LIMIT", "5", "WINDOW_SECONDS", "10").limits());
  }

  @Test
  void aFlagBeatsAVariableAndIsNamedWhenItIsWrong() {
    Map<String, String> environment = Map.of("TOLLGATE_HTTP_PORT", "1");
    assertEquals(2, Settings.of(Map.of("--http-port", "2"), environment).listen().httpPort());
    assertEquals(
        "--http-port=x is not a number from 0 to 65535; write one",
        assertThrows(
                SettingsException.class, () -> Settings.of(Map.of("--http-port", "x"), environment))
            .getMessage());
  }

  @Test
  void anEmptyVariableCountsAsUnset() {
    assertEquals(
        settings(),
        settings("TOLLGATE_TOKEN", "", "REDIS_ADDR", "", "TOLLGATE_TYPO", "", "MODE", ""));
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of("MODE", "both", "MODE=both is not a mode; use standalone"),
        Arguments.of(
            "TOLLGATE_BIND",
            "example.org",
            "TOLLGATE_BIND=example.org is not an address of this machine; write an IP address"
                + " such as 127.0.0.1, 0.0.0.0 or ::, or localhost"),
        Arguments.of(
            "TOLLGATE_ADMIN_PORT",
            "65536",
            "TOLLGATE_ADMIN_PORT=65536 is not a number from 0 to 65535; write one"),
        Arguments.of(
            "TOLLGATE_GRPC_PORT",
            "-1",
            "TOLLGATE_GRPC_PORT=-1 is not a number from 0 to 65535; write one"),
        Arguments.of(
            "TOLLGATE_RESP_PORT",
            "on",
            "TOLLGATE_RESP_PORT=on is not a number from 0 to 65535; write one"),
        Arguments.of(
            "TOLLGATE_HTTP_PORT",
            "8081",
            "port 8081 is wanted for checks and for health; set TOLLGATE_HTTP_PORT and"
                + " TOLLGATE_ADMIN_PORT apart"),
        Arguments.of(
            "TOLLGATE_HTTP_PORT",
            "tcp://10.0.0.1:80",
            "TOLLGATE_HTTP_PORT=tcp://10.0.0.1:80 was set by Kubernetes for a Service, not by"
                + " you; set enableServiceLinks: false in the pod"),
        Arguments.of(
            "BASE_LIMIT",
            "0",
            "BASE_LIMIT=0 is not a number from 1 to 9007199254740991; write one"),
        Arguments.of(
            "WINDOW_SECONDS",
            "1.5",
            "WINDOW_SECONDS=1.5 is not a number from 1 to 31622400; write one"),
        Arguments.of(
            "BASE_LIMIT",
            "9007199254740991",
            "BASE_LIMIT=9007199254740991 cannot be counted: 9007199254740991 per 60000000 µs with"
                + " a burst of 9007199254740991 is not exact in any unit; use a smaller burst, or"
                + " a limit and a period with a common factor"),
        Arguments.of(
            "LOG_LEVEL", "loud", "LOG_LEVEL=loud is not a level; use debug, info, warn or error"),
        Arguments.of("LOG_FORMAT", "xml", "LOG_FORMAT=xml is not a format; use text or json"),
        Arguments.of(
            "TOLLGATE_MAX_CONNECTIONS",
            "0",
            "TOLLGATE_MAX_CONNECTIONS=0 is not a number from 1 to 1000000; write one"),
        Arguments.of(
            "TOLLGATE_DATA_DIR",
            "a\0b",
            "TOLLGATE_DATA_DIR=a\\u0000b is not a path; write the path of a folder"),
        Arguments.of(
            "TOLLGATE_LIMITS",
            "a\0b",
            "TOLLGATE_LIMITS=a\\u0000b is not a path; write the path of a limits file"));
  }

  static Stream<Arguments> wrongProxies() {
    return Stream.of(
        Arguments.of(
            "TOLLGATE_TRUSTED_PROXIES",
            "10.0.0.0/8,proxy.example.org",
            "TOLLGATE_TRUSTED_PROXIES=10.0.0.0/8,proxy.example.org has 'proxy.example.org', which"
                + " is no address and no network; write such as 10.0.0.0/8, 192.168.1.7 or"
                + " 2001:db8::/32, with commas between"),
        Arguments.of(
            "TOLLGATE_TRUSTED_PROXIES",
            "::/0",
            "TOLLGATE_TRUSTED_PROXIES=::/0 has '::/0', so everybody could say to be somebody else;"
                + " write the networks of your proxies only"),
        Arguments.of(
            "TOLLGATE_TRUSTED_PROXIES",
            "::1" + ",::1".repeat(64),
            "TOLLGATE_TRUSTED_PROXIES=::1"
                + ",::1".repeat(14)
                + "… has more than 64 entries; write"
                + " networks that hold several"));
  }

  @ParameterizedTest
  @MethodSource({"wrong", "wrongProxies"})
  void aWrongValueIsRefusedByNameWithAFix(String name, String value, String problem) {
    assertEquals(List.of(problem), problems(name, value));
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    assertEquals(3, problems("MODE", "x", "LOG_LEVEL", "x", "BASE_LIMIT", "x").size());
  }

  @Test
  void theExamplesNumbersAreRefusedBesideAFile() {
    assertEquals(
        List.of(
            "BASE_LIMIT=5 is for the built-in example, which the file of TOLLGATE_LIMITS"
                + " replaces; unset one of the two",
            "WINDOW_SECONDS=6 is for the built-in example, which the file of TOLLGATE_LIMITS"
                + " replaces; unset one of the two"),
        problems("BASE_LIMIT", "5", "WINDOW_SECONDS", "6", "TOLLGATE_LIMITS", "l.yaml"));
  }

  @Test
  void whatHasNoPartYetStopsTheStartWithoutShowingItsValue() {
    List<String> refused = NotYet.names().stream().sorted().toList();
    for (String name : refused) {
      List<String> problems = problems(name, "hunter2");
      assertEquals(1, problems.size(), name);
      assertTrue(problems.getFirst().startsWith(name + " is set, but this server "), name);
      assertTrue(problems.getFirst().endsWith("; unset " + name), name);
      assertFalse(problems.getFirst().contains("hunter2"), name);
    }
    assertTrue(refused.containsAll(List.of("DATABASE_URL", "TOLLGATE_KEYRING", "RATE_LIMIT")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DPRL_REDIS_URL", "DATABASE_URL_FILE", "TOLLGATE_KEYRING_FILE"})
  void otherSpellingsOfWhatHasNoPartYetStopTheStartToo(String name) {
    assertEquals(1, problems(name, "x").size());
  }

  @Test
  void fullModeStopsTheStart() {
    assertEquals(
        List.of(
            "MODE=full needs tenants, keys and PostgreSQL, which this server does not have yet;"
                + " set MODE=standalone"),
        problems("MODE", "full"));
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, true", "localhost, true", "::1, true", "0.0.0.0, false", "::, false"})
  void loopbackIsWhatOnlyThisMachineReaches(String address, boolean loopback) {
    assertEquals(loopback, settings("TOLLGATE_BIND", address).listen().loopback());
  }

  @Test
  void aLevelSaysWhatIsMoreUrgentToo() {
    assertTrue(LogLevel.WARN.says(LogLevel.ERROR));
    assertTrue(LogLevel.WARN.says(LogLevel.WARN));
    assertFalse(LogLevel.WARN.says(LogLevel.INFO));
  }
}
