package io.tollgate.server.config;

import java.util.List;

/** A piece of a file with its place. */
sealed interface Node {

  Position at();

  /**
   * A single value.
   *
   * @param plain whether it stands without quotes, so that 1 is a number and true is a flag
   */
  record Scalar(Position at, String text, boolean plain) implements Node {}

  /** A list. */
  record Sequence(Position at, List<Node> items) implements Node {}

  /** An object; its fields may still repeat. */
  record Mapping(Position at, List<Entry> entries) implements Node {}

  /**
   * A field of an object.
   *
   * @param at where its name stands
   */
  record Entry(Position at, String key, Node value) {}
}
