package io.tollgate.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Pages of the documentation, for tests that hold their examples. */
public final class Markdown {

  /**
   * A fenced block.
   *
   * @param language what stands behind the fence
   */
  public record Block(String language, String text) {}

  private final String text;

  private Markdown(String text) {
    this.text = text;
  }

  /** A page by its path in the repository. */
  public static Markdown page(String path) {
    try {
      return new Markdown(Files.readString(Path.of(System.getProperty("tollgate.root"), path)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + path, e);
    }
  }

  /** The fenced blocks, in order. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    StringBuilder open = null;
    String language = "";
    for (String line : text.lines().toList()) {
      if (!line.startsWith("```")) {
        if (open != null) {
          open.append(line).append('\n');
        }
      } else if (open == null) {
        open = new StringBuilder();
        language = line.substring(3);
      } else {
        blocks.add(new Block(language, open.toString()));
        open = null;
      }
    }
    return blocks;
  }

  /** The first cells of all rows of tables. */
  public List<String> firstCells() {
    return text.lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> line.split("\\|", -1)[1].strip())
        .toList();
  }

  /** The whole page. */
  public String text() {
    return text;
  }
}
