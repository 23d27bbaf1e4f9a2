package io.tollgate.server.config;

import io.tollgate.server.text.Shown;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/**
 * Reads one YAML 1.2 document, of which JSON is a part, into nodes.
 *
 * <p>Builds from the parser's events without recursion, so depth, aliases and size are bounded
 * before anything grows. Refuses tags: nothing of ours needs them.
 */
final class YamlReader {

  /** The limits file is at most 9 deep. */
  private static final int DEEPEST = 32;

  private static final int MOST_ALIASES = 100;

  /** Aliases counted as often as they are used. Some 100 MB of nodes at worst. */
  private static final int MOST_NODES = 1_000_000;

  /** The parser needs time in the square of one line's length: here some 0.1 s. */
  private static final int LONGEST_LINE = 256 * 1024;

  private static final String OFTEN = "look for a missing quote, bracket, colon or blank before it";

  private static final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Position at;
    private final String fix;

    Refusal(Position at, String message, String fix) {
      super(message, null, false, false);
      this.at = at;
      this.fix = fix;
    }
  }

  /** A collection whose end has not come yet. */
  private static final class Open {
    final Position at;
    final @Nullable String anchor;
    final boolean mapping;
    final long nodesBefore;
    final List<Node> items = new ArrayList<>();
    final List<Node.Entry> entries = new ArrayList<>();
    Node.@Nullable Scalar key;

    Open(Position at, @Nullable String anchor, boolean mapping, long nodesBefore) {
      this.at = at;
      this.anchor = anchor;
      this.mapping = mapping;
      this.nodesBefore = nodesBefore;
    }

    void add(Node node) {
      if (!mapping) {
        items.add(node);
      } else if (key != null) {
        entries.add(new Node.Entry(key.at(), key.text(), node));
        key = null;
      } else if (node instanceof Node.Scalar scalar) {
        key = scalar;
      } else {
        throw new Refusal(node.at(), "a field's name is a list or an object", "write a name");
      }
    }

    Node close() {
      return mapping ? new Node.Mapping(at, entries) : new Node.Sequence(at, items);
    }
  }

  private record Anchored(Node node, long nodes) {}

  private final Deque<Open> open = new ArrayDeque<>();
  private final Map<String, Anchored> anchors = new HashMap<>();
  private @Nullable Node root;

  /** Where the parser was last, for what it refuses without a place. */
  private Position latest = Position.WHOLE_FILE;

  private int documents;
  private int aliases;
  private long nodes;

  private YamlReader() {}

  /** The document's root; empty when there is none, with the reason among the problems. */
  static Optional<Node> read(String text, Problems problems) {
    YamlReader reader = new YamlReader();
    LoadSettings settings =
        LoadSettings.builder()
            .setUseMarks(true)
            .setCodePointLimit(Integer.MAX_VALUE)
            // The parser fails on a character of two halves that stands across its buffer's end.
            .setBufferSize(text.length() + 1)
            .build();
    try {
      requireShortLines(text);
      for (Event event : new Parse(settings).parseString(text)) {
        reader.take(event);
      }
    } catch (Refusal refusal) {
      problems.invalid(refusal.at, "", String.valueOf(refusal.getMessage()), refusal.fix);
      return Optional.empty();
    } catch (YamlEngineException e) {
      reader.syntax(e, text, problems);
      return Optional.empty();
    }
    if (reader.root == null) {
      problems.invalid(Position.WHOLE_FILE, "", "is empty", "begin with the line 'version: 1'");
    }
    return Optional.ofNullable(reader.root);
  }

  private static void requireShortLines(String text) {
    int line = 1;
    for (int from = 0; from <= text.length(); line++) {
      int end = text.indexOf('\n', from);
      int next = end < 0 ? text.length() : end;
      if (next - from > LONGEST_LINE) {
        throw new Refusal(
            new Position(line, 1),
            "is a line of more than " + LONGEST_LINE + " characters",
            "break it");
      }
      from = next + 1;
    }
  }

  private void syntax(YamlEngineException e, String text, Problems problems) {
    Position at = latest;
    String what = String.valueOf(e.getMessage());
    String fix = OFTEN;
    if (e instanceof MarkedYamlEngineException marked) {
      at = marked.getProblemMark().or(marked::getContextMark).map(YamlReader::at).orElse(at);
      what = inContext(marked);
    } else if (e instanceof ReaderException reader) {
      at = Position.after(text, reader.getPosition());
      what = "character U+%04X is not allowed".formatted(reader.getCodePoint());
      fix = "remove it";
    }
    if (e instanceof YamlVersionException) {
      what = "it asks for another version";
      fix = "remove the line that begins with %YAML";
    } else if (what.contains("scanning an alias")) {
      fix = "put a text that begins with * in quotes";
    } else if (what.contains("TAB")) {
      fix = "indent with blanks, not with tabs";
    }
    problems.invalid(at, "", "is not YAML: " + Shown.line(what, 200), fix);
  }

  private static String inContext(MarkedYamlEngineException e) {
    String context = e.getContext();
    String began = e.getContextMark().map(mark -> " that began at " + at(mark)).orElse("");
    return context == null ? e.getProblem() : context + began + ", " + e.getProblem();
  }

  private static Position at(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  private static Position at(Event event) {
    return event.getStartMark().map(YamlReader::at).orElse(Position.WHOLE_FILE);
  }

  private void take(Event event) {
    latest = at(event);
    if (event instanceof ScalarEvent scalar) {
      refuseTag(event, scalar.getTag());
      count(event, 1);
      Node node = new Node.Scalar(at(event), scalar.getValue(), scalar.isPlain());
      remember(name(scalar.getAnchor()), node, 1);
      put(node);
    } else if (event instanceof CollectionStartEvent start) {
      refuseTag(event, start.getTag());
      begin(start);
    } else if (event instanceof CollectionEndEvent) {
      Open closed = open.pop();
      Node node = closed.close();
      remember(closed.anchor, node, nodes - closed.nodesBefore);
      put(node);
    } else if (event instanceof AliasEvent alias) {
      put(follow(alias));
    } else if (event instanceof DocumentStartEvent && ++documents > 1) {
      throw new Refusal(at(event), "a second document begins", "keep one document in a file");
    }
  }

  private void begin(CollectionStartEvent start) {
    if (open.size() == DEEPEST) {
      throw new Refusal(
          at(start), "is nested deeper than " + DEEPEST, "see the example in the documentation");
    }
    Open begun =
        new Open(at(start), name(start.getAnchor()), start instanceof MappingStartEvent, nodes);
    count(start, 1);
    open.push(begun);
  }

  private Node follow(AliasEvent alias) {
    String name = alias.getAlias().getValue();
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new Refusal(
          at(alias),
          "*" + Shown.line(name, 60) + " refers to nothing that ended before it",
          "put a text that begins with * in quotes, or define it above with &");
    }
    if (++aliases > MOST_ALIASES) {
      throw new Refusal(
          at(alias), "has more than " + MOST_ALIASES + " aliases", "write the values out");
    }
    count(alias, anchored.nodes);
    return anchored.node;
  }

  private static @Nullable String name(Optional<Anchor> anchor) {
    return anchor.map(Anchor::getValue).orElse(null);
  }

  private void remember(@Nullable String anchor, Node node, long size) {
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, size));
    }
  }

  private void count(Event event, long more) {
    nodes += more;
    if (nodes > MOST_NODES) {
      throw new Refusal(
          at(event), "has more than " + MOST_NODES + " values", "split it over several servers");
    }
  }

  private void put(Node node) {
    Open parent = open.peek();
    if (parent == null) {
      root = node;
    } else {
      parent.add(node);
    }
  }

  private static void refuseTag(Event event, Optional<String> tag) {
    if (tag.isPresent()) {
      throw new Refusal(
          at(event), "tag " + Shown.quoted(tag.get()) + " is not allowed", "remove it");
    }
  }
}
