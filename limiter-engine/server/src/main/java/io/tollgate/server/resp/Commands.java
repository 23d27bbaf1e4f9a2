package io.tollgate.server.resp;

import io.tollgate.server.door.BearerToken;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Answers what clients send beside checks: logins, and what they ask when they connect. Worded as
 * Redis 7 words it. Safe for use by any number of threads.
 */
final class Commands {

  /** What is claimed of the protocol's words, for clients that look for what they may send. */
  private static final String LIKE_REDIS = "7.2.0";

  private static final String WRONG = "invalid username-password pair or user is disabled.";

  private final Optional<BearerToken> token;

  /**
   * Commands of a door.
   *
   * @param token what clients must show; empty when none is asked for
   */
  Commands(Optional<BearerToken> token) {
    this.token = token;
  }

  /** Answers a command that may have so many words, to somebody who may send it. */
  void answer(Command command, Arguments words, Session session, RespWriter out) {
    switch (command) {
      case PING -> ping(words, out);
      case ECHO -> out.bulk(words.copy(1));
      case AUTH -> auth(words, session, out);
      case HELLO -> hello(words, session, out);
      case CLIENT -> client(words, session, out);
      case COMMAND -> CommandTable.answer(words, out);
      case INFO -> info(out);
      case SELECT -> select(words, out);
      case RESET -> {
        session.reset();
        out.begin(false);
        out.simple("RESET");
      }
      case QUIT -> out.ok();
      case CL_THROTTLE -> throw new IllegalArgumentException("a check is asked, not answered here");
    }
  }

  /** Says of a command that there is none of its name. */
  static void unknown(Arguments words, RespWriter out) {
    StringBuilder text = new StringBuilder("unknown command '");
    text.append(words.shown(0)).append("', with args beginning with: ");
    for (int i = 1; i < words.count() && text.length() < 128; i++) {
      text.append('\'').append(words.shown(i)).append("' ");
    }
    out.error("ERR", text.toString());
  }

  /** Says of a command that it has too few words, or too many. */
  static void wrongNumber(Command command, RespWriter out) {
    String usage = command == Command.CL_THROTTLE ? "; send " + Throttle.USAGE : "";
    wrongNumber(command.word(), usage, out);
  }

  private static void wrongNumber(String command, String usage, RespWriter out) {
    out.error("ERR", "wrong number of arguments for '" + command + "' command" + usage);
  }

  /** Says of a command that whoever sends it has not shown the token. */
  static void stranger(RespWriter out) {
    out.error("NOAUTH", "Authentication required.");
  }

  private static void ping(Arguments words, RespWriter out) {
    if (words.count() > 1) {
      out.bulk(words.copy(1));
    } else {
      out.simple("PONG");
    }
  }

  /** Whether a word is the token, where one is asked for; there are no users. */
  private boolean admits(Arguments words, int i) {
    return token.isEmpty() || token.get().is(words.copy(i));
  }

  private void auth(Arguments words, Session session, RespWriter out) {
    int count = words.count();
    if (count > 3) {
      out.error("ERR", "syntax error");
    } else if (count == 2 && token.isEmpty()) {
      out.error(
          "ERR",
          "AUTH <password> called without any password configured for the default user. Are you"
              + " sure your configuration is correct?");
    } else if (admits(words, count - 1)) {
      session.admit();
      out.ok();
    } else {
      out.error("WRONGPASS", WRONG);
    }
  }

  private void hello(Arguments words, Session session, RespWriter out) {
    boolean resp3 = session.resp3();
    if (words.count() > 1) {
      OptionalLong version = words.number(1);
      if (version.isEmpty()) {
        out.error("ERR", "Protocol version is not an integer or out of range");
        return;
      }
      if (version.getAsLong() != 2 && version.getAsLong() != 3) {
        out.error("NOPROTO", "unsupported protocol version");
        return;
      }
      resp3 = version.getAsLong() == 3;
    }
    int auth = 0;
    int name = 0;
    int i = 2;
    while (i < words.count()) {
      if (words.is(i, "auth") && i + 2 < words.count()) {
        auth = i + 2;
        i += 3;
      } else if (words.is(i, "setname") && i + 1 < words.count()) {
        name = i + 1;
        i += 2;
      } else {
        out.error("ERR", "Syntax error in HELLO option '" + words.shown(i) + "'");
        return;
      }
    }
    agree(words, session, resp3, auth, name, out);
  }

  /** Nothing changes unless all of it can. */
  private void agree(
      Arguments words, Session session, boolean resp3, int auth, int name, RespWriter out) {
    if (auth > 0 && !admits(words, auth)) {
      out.error("WRONGPASS", WRONG);
    } else if (auth == 0 && !session.known()) {
      out.error(
          "NOAUTH",
          "HELLO must be called with the client already authenticated, otherwise the HELLO <proto>"
              + " AUTH <user> <pass> option can be used to authenticate the client and select the"
              + " RESP protocol version at the same time");
    } else if (name > 0 && !isName(words.copy(name))) {
      badName(out);
    } else {
      session.admit();
      session.speak(resp3);
      if (name > 0) {
        session.name(words.copy(name));
      }
      out.begin(resp3);
      self(session, out);
    }
  }

  private static void self(Session session, RespWriter out) {
    out.map(7);
    out.bulk("server");
    out.bulk("tollgate");
    out.bulk("version");
    out.bulk(LIKE_REDIS);
    out.bulk("proto");
    out.integer(session.resp3() ? 3 : 2);
    out.bulk("id");
    out.integer(session.id());
    out.bulk("mode");
    out.bulk("standalone");
    out.bulk("role");
    out.bulk("master");
    out.bulk("modules");
    out.array(0);
  }

  private static void client(Arguments words, Session session, RespWriter out) {
    int count = words.count();
    if (words.is(1, "setinfo") && count == 4) {
      // A library says what it is; nobody asks for it here.
      out.ok();
    } else if (words.is(1, "setname") && count == 3) {
      if (isName(words.copy(2))) {
        session.name(words.copy(2));
        out.ok();
      } else {
        badName(out);
      }
    } else if (words.is(1, "getname") && count == 2) {
      if (session.name().length == 0) {
        out.nothing();
      } else {
        out.bulk(session.name());
      }
    } else if (words.is(1, "id") && count == 2) {
      out.integer(session.id());
    } else {
      out.error(
          "ERR",
          "unknown subcommand or wrong number of arguments for '"
              + words.shown(1)
              + "'; there are SETINFO, SETNAME, GETNAME and ID");
    }
  }

  /** As Redis asks of a name: nothing that would break a list of clients. */
  private static boolean isName(byte[] name) {
    if (name.length > Arguments.MOST_BYTES / 64) {
      return false;
    }
    for (byte b : name) {
      if (b < '!' || b > '~') {
        return false;
      }
    }
    return true;
  }

  private static void badName(RespWriter out) {
    out.error(
        "ERR",
        "Client names cannot contain spaces, newlines or special characters, and have at"
            + " most 256 bytes.");
  }

  private static void select(Arguments words, RespWriter out) {
    OptionalLong index = words.number(1);
    if (index.isEmpty()) {
      out.error("ERR", "value is not an integer or out of range");
    } else if (index.getAsLong() != 0) {
      out.error("ERR", "DB index is out of range");
    } else {
      out.ok();
    }
  }

  /** As much as clients look for before they send anything. */
  private static void info(RespWriter out) {
    out.bulk(
        "# Server\r\nredis_version:"
            + LIKE_REDIS
            + "\r\nredis_mode:standalone\r\nserver_name:tollgate\r\n"
            + "# Persistence\r\nloading:0\r\n"
            + "# Replication\r\nrole:master\r\n");
  }
}
