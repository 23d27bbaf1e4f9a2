package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tollgate.server.resp.TestResp.With;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins, and what clients ask when they connect. */
@Timeout(60)
class CommandsTest {

  private static final String NOAUTH = "-NOAUTH Authentication required.";
  private static final String WRONGPASS =
      "-WRONGPASS invalid username-password pair or user is disabled.";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "PING|+PONG",
        "PING hello|'hello'",
        "ping|+PONG",
        "ECHO hello|'hello'",
        "SELECT 0|+OK",
        "SELECT 1|-ERR DB index is out of range",
        "CLIENT SETINFO LIB-NAME me|+OK",
        "CLIENT SETNAME me|+OK",
        "CLIENT GETNAME|nil",
        "COMMAND COUNT|:11",
        "COMMAND INFO nothing|[nil]",
        "COMMAND INFO cl.throttle|[['cl.throttle', :-5, [+write], :1, :1, :1]]",
        "RESET|+RESET",
        "HELLO 4|-NOPROTO unsupported protocol version",
        "HELLO x|-ERR Protocol version is not an integer or out of range",
        "HELLO 3 NOW|-ERR Syntax error in HELLO option 'NOW'",
        "GET a b|-ERR unknown command 'GET', with args beginning with: 'a' 'b' ",
        "ECHO|-ERR wrong number of arguments for 'echo' command",
        "CL.THROTTLE k 1 1|-ERR wrong number of arguments for 'cl.throttle' command; send"
            + " CL.THROTTLE key max_burst count_per_period period [quantity]",
        "CL.THROTTLE k 1 1 1 1 1|-ERR wrong number of arguments for 'cl.throttle' command; send"
            + " CL.THROTTLE key max_burst count_per_period period [quantity]",
        "AUTH x|-ERR AUTH <password> called without any password configured for the default user."
            + " Are you sure your configuration is correct?",
        "AUTH default x|+OK",
      })
  void commandsAreAnsweredAsRedisAnswersThem(String command, String answer) throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      assertEquals(answer.strip(), wire.ask(command.split(" ")).strip());
      assertEquals("+PONG", wire.ask("PING"), "the connection goes on");
    }
  }

  @Test
  void aNameThatWouldBreakAListOfClientsIsRefused() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      for (String name : List.of("a b", "a\n", "ğ", "x".repeat(257))) {
        assertEquals(
            "-ERR Client names cannot contain spaces, newlines or special characters, and have at"
                + " most 256 bytes.",
            wire.ask("CLIENT", "SETNAME", name));
      }
    }
  }

  @Test
  void helloAnswersInTheProtocolThatItAgreesOn() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      String rest = "'id': :1, 'mode': 'standalone', 'role': 'master', 'modules': []}";
      assertEquals(
          "{'server': 'tollgate', 'version': '7.2.0', 'proto': :3, " + rest,
          wire.ask("HELLO", "3"));
      assertEquals("null", wire.ask("CLIENT", "GETNAME"));
      assertEquals(
          "['server', 'tollgate', 'version', '7.2.0', 'proto', :2, "
              + rest.replace("': ", "', ").replace("}", "]"),
          wire.ask("HELLO", "2", "SETNAME", "me"));
      assertEquals("'me'", wire.ask("CLIENT", "GETNAME"));
    }
  }

  @Test
  void everyCommandIsDescribed() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      String all = wire.ask("COMMAND");
      String docs = wire.ask("COMMAND", "DOCS");
      for (Command command : Command.ALL) {
        assertTrue(all.contains("['" + command.word() + "', :" + command.arity()), all);
        assertTrue(docs.contains("'" + command.word() + "', ['summary', '"), docs);
      }
      assertEquals("[]", wire.ask("COMMAND", "DOCS", "get"));
    }
  }

  @Test
  void beforeTheTokenIsShownNothingIsDone() throws IOException {
    try (TestResp server = new TestResp(With.token("s3cret"));
        RespWire wire = server.wire()) {
      assertEquals(NOAUTH, wire.ask("CL.THROTTLE", "k", "1", "1", "1"));
      assertEquals(NOAUTH, wire.ask("PING"));
      assertEquals(NOAUTH, wire.ask("NONE"));
      assertTrue(wire.ask("HELLO", "3").startsWith("-NOAUTH HELLO must be called"));
      assertEquals(WRONGPASS, wire.ask("AUTH", "wrong"));
      assertEquals(WRONGPASS, wire.ask("AUTH", "default", "s3cret "));
      assertEquals(WRONGPASS, wire.ask("HELLO", "3", "AUTH", "default", "wrong"));
      assertEquals(NOAUTH, wire.ask("PING"));
      assertEquals("+OK", wire.ask("AUTH", "s3cret"));
      assertEquals("[:0, :2, :1, :-1, :1]", wire.ask("CL.THROTTLE", "k", "1", "1", "1"));
      assertEquals("+RESET", wire.ask("RESET"));
      assertEquals(NOAUTH, wire.ask("PING"));
      assertEquals(
          3,
          server
              .scraped()
              .value("tollgate_resp_commands_total", "command", "ping", "result", "noauth"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AUTH s3cret",
        "AUTH default s3cret",
        "AUTH anybody s3cret",
        "HELLO 3 AUTH default s3cret",
        "HELLO 2 AUTH default s3cret SETNAME me"
      })
  void theTokenOpensTheDoorInEveryFormThatClientsUse(String login) throws IOException {
    try (TestResp server = new TestResp(With.token("s3cret"));
        RespWire wire = server.wire()) {
      assertTrue(!wire.ask(login.split(" ")).startsWith("-"));
      assertEquals("+PONG", wire.ask("PING"));
    }
  }

  @Test
  void aStrangerSendsSmallCommandsOnly() throws IOException {
    try (TestResp server = new TestResp(With.token("s3cret"))) {
      try (RespWire wire = server.wire()) {
        assertEquals(
            "-ERR Protocol error: unauthenticated multibulk length", wire.send("*11\r\n").read());
        assertTrue(wire.ended());
      }
      try (RespWire wire = server.wire()) {
        assertEquals(
            "-ERR Protocol error: unauthenticated bulk length",
            wire.send("*2\r\n$4\r\nAUTH\r\n$20000\r\n").read());
        assertTrue(wire.ended());
      }
    }
  }

  @Test
  void quitIsAnsweredThenTheConnectionEnds() throws IOException {
    try (TestResp server = TestResp.usual();
        RespWire wire = server.wire()) {
      assertEquals("+PONG", wire.send(RespWire.command("PING") + RespWire.command("QUIT")).read());
      assertEquals("+OK", wire.read());
      assertTrue(wire.ended());
    }
  }
}
