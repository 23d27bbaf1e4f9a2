package io.tollgate.server.log;

/**
 * What people read in place of a log line, when lines are written as text. A parameter of {@code
 * System.Logger.log}; written as it is, so nothing in it may come from a stranger.
 *
 * @param text one line or several
 */
public record ForPeople(String text) {}
