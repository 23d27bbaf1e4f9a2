package io.tollgate.server.resp;

import org.jspecify.annotations.Nullable;

/** {@code COMMAND} and what belongs to it: which commands there are. */
final class CommandTable {

  /** Since the first version of this door. */
  private static final String SINCE = "1.0.0";

  private CommandTable() {}

  static void answer(Arguments words, RespWriter out) {
    if (words.count() == 1) {
      out.array(Command.ALL.size());
      Command.ALL.forEach(command -> entry(command, out));
    } else if (words.is(1, "count") && words.count() == 2) {
      out.integer(Command.ALL.size());
    } else if (words.is(1, "docs")) {
      docs(words, out);
    } else if (words.is(1, "info")) {
      info(words, out);
    } else if (words.is(1, "list") && words.count() == 2) {
      out.array(Command.ALL.size());
      Command.ALL.forEach(command -> out.bulk(command.word()));
    } else {
      out.error(
          "ERR",
          "unknown subcommand or wrong number of arguments for '"
              + words.shown(1)
              + "'; there are COUNT, DOCS, INFO and LIST");
    }
  }

  private static void info(Arguments words, RespWriter out) {
    if (words.count() == 2) {
      out.array(Command.ALL.size());
      Command.ALL.forEach(command -> entry(command, out));
      return;
    }
    out.array(words.count() - 2);
    for (int i = 2; i < words.count(); i++) {
      Command command = Command.of(words, i);
      if (command == null) {
        out.nothing();
      } else {
        entry(command, out);
      }
    }
  }

  /** Name, arity, flags, first and last key, step: what clients route by. */
  private static void entry(Command command, RespWriter out) {
    out.array(6);
    out.bulk(command.word());
    out.integer(command.arity());
    out.array(1);
    out.simple(flag(command));
    out.integer(command.key());
    out.integer(command.key());
    out.integer(command.key());
  }

  private static String flag(Command command) {
    return switch (command) {
      case CL_THROTTLE -> "write";
      case AUTH, HELLO, QUIT, RESET -> "no_auth";
      case PING, CLIENT, COMMAND, ECHO, INFO, SELECT -> "fast";
    };
  }

  private static void docs(Arguments words, RespWriter out) {
    if (words.count() == 2) {
      out.map(Command.ALL.size());
      Command.ALL.forEach(command -> doc(command, out));
      return;
    }
    int known = 0;
    for (int i = 2; i < words.count(); i++) {
      known += Command.of(words, i) == null ? 0 : 1;
    }
    out.map(known);
    for (int i = 2; i < words.count(); i++) {
      @Nullable Command command = Command.of(words, i);
      if (command != null) {
        doc(command, out);
      }
    }
  }

  private static void doc(Command command, RespWriter out) {
    out.bulk(command.word());
    out.map(3);
    out.bulk("summary");
    out.bulk(command.summary());
    out.bulk("since");
    out.bulk(SINCE);
    out.bulk("group");
    out.bulk(command == Command.CL_THROTTLE ? "generic" : "connection");
  }
}
