package io.tollgate.server.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the same commands wherever the bytes are cut. */
class CommandReaderTest {

  private static final byte[] BYTES =
      (RespWire.command("CL.THROTTLE", "user123", "15", "30", "60")
              + "*0\r\nPING a\r\n\r\n"
              + RespWire.command("ECHO", "")
              + RespWire.command("ECHO", "x".repeat(600))
              + RespWire.command("ECHO", "ğ\r\n"))
          .getBytes(StandardCharsets.UTF_8);

  private static final List<String> COMMANDS =
      List.of(
          "CL.THROTTLE|user123|15|30|60",
          "PING|a",
          "ECHO|",
          "ECHO|" + "x".repeat(600),
          "ECHO|ğ\r\n");

  private static void read(CommandReader reader, ByteBuf in, List<String> commands)
      throws CharacterCodingException {
    while (reader.read(in, true)) {
      Arguments words = reader.arguments();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < words.count(); i++) {
        texts.add(words.text(i));
      }
      commands.add(String.join("|", texts));
    }
  }

  @Test
  void commandsAreTheSameWhereverTheBytesAreCut() throws Exception {
    for (int cut = 0; cut <= BYTES.length; cut++) {
      CommandReader reader = new CommandReader();
      List<String> commands = new ArrayList<>();
      ByteBuf in = Unpooled.buffer().writeBytes(BYTES, 0, cut);
      read(reader, in, commands);
      in.writeBytes(BYTES, cut, BYTES.length - cut);
      read(reader, in, commands);
      assertEquals(COMMANDS, commands, "cut at " + cut);
      assertFalse(in.isReadable());
      assertFalse(reader.begun());
    }
  }

  @Test
  void oneByteAtATimeIsEnoughAndLittleIsKeptWaiting() throws Exception {
    CommandReader reader = new CommandReader();
    List<String> commands = new ArrayList<>();
    ByteBuf in = Unpooled.buffer();
    int most = 0;
    for (byte one : BYTES) {
      in.writeByte(one);
      read(reader, in, commands);
      most = Math.max(most, in.readableBytes());
      in.discardReadBytes();
    }
    assertEquals(COMMANDS, commands);
    assertEquals(601, most, "a bulk string and the first half of its end");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "+7, 7",
    "007, 7",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
  })
  void wholeNumbersOf64BitsAreRead(String text, long number) {
    assertEquals(OptionalLong.of(number), number(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-",
        "+",
        "x",
        "1x",
        "1.0",
        "1e3",
        "--1",
        "9223372036854775808",
        "-9223372036854775809",
        "99999999999999999999",
        "٣"
      })
  void otherTextsAreNoNumbers(String text) {
    assertEquals(OptionalLong.empty(), number(text));
  }

  private static OptionalLong number(String text) {
    CommandReader reader = new CommandReader();
    byte[] bytes = RespWire.command("N", text).getBytes(StandardCharsets.UTF_8);
    assertTrue(reader.read(Unpooled.wrappedBuffer(bytes), true));
    return reader.arguments().number(1);
  }

  @Test
  void nothingIsReservedForWhatHasOnlyBeenAnnounced() {
    ByteBuf in = Unpooled.copiedBuffer("*1000000\r\n", StandardCharsets.US_ASCII);
    assertThrows(ProtocolException.class, () -> new CommandReader().read(in, true));
    ByteBuf bulk = Unpooled.copiedBuffer("*1\r\n$16384\r\n", StandardCharsets.US_ASCII);
    CommandReader reader = new CommandReader();
    assertFalse(reader.read(bulk, true));
    assertTrue(reader.begun());
    assertEquals(0, reader.arguments().count());
  }
}
