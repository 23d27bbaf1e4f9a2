package io.tollgate.server.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a limits file's bytes: bounded, and strictly UTF-8. */
final class LimitsFileReader {

  /** Some 80,000 overrides; more belongs into a store. */
  static final int MOST_BYTES = 8 << 20;

  private LimitsFileReader() {}

  static String text(String fileName, Path path) {
    Problems problems = new Problems();
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length <= MOST_BYTES) {
        String text = decode(bytes, problems);
        problems.throwIfAny(fileName);
        return text;
      }
      whole(problems, "is larger than " + MOST_BYTES + " bytes", "write fewer overrides");
    } catch (NoSuchFileException e) {
      whole(problems, "there is no such file", "give the path of a limits file");
    } catch (IOException e) {
      String why = Files.isDirectory(path) ? "is a folder" : "cannot be read: " + e.getMessage();
      whole(problems, why, "give the path of a limits file that this user may read");
    }
    problems.throwIfAny(fileName);
    return "";
  }

  private static void whole(Problems problems, String message, String fix) {
    problems.invalid(Position.WHOLE_FILE, "", message, fix);
  }

  private static String decode(byte[] bytes, Problems problems) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .decode(in, out, true);
    out.flip();
    if (result.isError()) {
      problems.invalid(
          Position.after(out, out.length()),
          "",
          "byte 0x%02X is not UTF-8".formatted(bytes[in.position()]),
          "save the file as UTF-8");
    }
    return out.toString();
  }
}
