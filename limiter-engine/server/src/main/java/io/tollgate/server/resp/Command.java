package io.tollgate.server.resp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that is answered here. */
enum Command {
  CL_THROTTLE("cl.throttle", -5, 1, "Decides by GCRA whether a key may go on, and consumes"),
  PING("ping", -1, 0, "Answers PONG, or what it was given"),
  AUTH("auth", -2, 0, "Shows the token"),
  HELLO("hello", -1, 0, "Chooses RESP2 or RESP3, and may show the token"),
  CLIENT("client", -2, 0, "Takes note of a client's name"),
  COMMAND("command", -1, 0, "Tells what is answered here"),
  ECHO("echo", 2, 0, "Answers what it was given"),
  INFO("info", -1, 0, "Tells what this server is"),
  SELECT("select", 2, 0, "Accepts database 0"),
  RESET("reset", 1, 0, "Makes the connection as it was at first"),
  QUIT("quit", -1, 0, "Ends the connection");

  /** All of them, the usual one first, without a copy for each asking. */
  static final List<Command> ALL = List.of(values());

  /** Under which name those are counted that are none. */
  static final String UNKNOWN = "unknown";

  private final String word;
  private final int arity;
  private final int key;
  private final String summary;

  Command(String word, int arity, int key, String summary) {
    this.word = word;
    this.arity = arity;
    this.key = key;
    this.summary = summary;
  }

  /** The command that a word of a command names; null when it is none. */
  static @Nullable Command of(Arguments arguments, int word) {
    for (Command command : ALL) {
      if (arguments.is(word, command.word)) {
        return command;
      }
    }
    return null;
  }

  /** Its name in small letters. */
  String word() {
    return word;
  }

  /** How many words it has; negative: at least as many. */
  int arity() {
    return arity;
  }

  /** Which of its words is a key; 0: none. */
  int key() {
    return key;
  }

  String summary() {
    return summary;
  }

  /** Whether a command may have so many words. */
  boolean takes(int words) {
    int most = this == CL_THROTTLE ? Throttle.MOST_WORDS : this == PING ? 2 : Arguments.MOST;
    return arity >= 0 ? words == arity : words >= -arity && words <= most;
  }

  /** Whether somebody may send it who has not shown the token. */
  boolean forStrangers() {
    return switch (this) {
      case AUTH, HELLO, QUIT, RESET -> true;
      case CL_THROTTLE, PING, CLIENT, COMMAND, ECHO, INFO, SELECT -> false;
    };
  }
}
