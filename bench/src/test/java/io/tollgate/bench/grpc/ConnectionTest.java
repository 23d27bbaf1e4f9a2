package io.tollgate.bench.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One connection, and a server whose bytes are written by hand. */
class ConnectionTest {

  private static final Call CALL =
      Call.unary("/a.B/C", new Proto().text(1, "user_" + Call.SLOT), 2);

  private static final int MILLIS = 10_000;

  /** {@code :status 200} of the static table. */
  private static final byte[] BEGINS = {(byte) 0x88};

  /** What was remembered last. */
  private static final byte[] LAST = {(byte) 0xbe};

  private static final byte[] ALLOWED = new Proto().number(1, 1).number(2, 41).toBytes();

  private final Answers answers = new Answers();
  private ServerSocket listener;
  private Selector selector;
  private Socket server;
  private Connection connection;

  @BeforeEach
  void connect() throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    selector = Selector.open();
    connection = new Connection(listener.getLocalPort(), CALL, 4, true, answers, selector);
    server = listener.accept();
    server.setSoTimeout(MILLIS);
    server.setTcpNoDelay(true);
  }

  @AfterEach
  void disconnect() throws IOException {
    connection.close();
    server.close();
    selector.close();
    listener.close();
  }

  /** A block that has a header remembered. */
  private static byte[] remembered(String name, String value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x40);
    out.write(name.length());
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.write(value.length());
    out.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
    return out.toByteArray();
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(Frames.HEADER + payload.length);
    Frames.putHeader(out, payload.length, type, flags, stream);
    return out.put(payload).array();
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }

  private static byte[] prefixed(byte[] message) {
    ByteBuffer out = ByteBuffer.allocate(MessageReader.PREFIX + message.length);
    return out.put((byte) 0).putInt(message.length).put(message).array();
  }

  private static byte[] answer(int stream, byte[] head, byte[] trailers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(frame(Frames.HEADERS, Frames.END_HEADERS, stream, head));
    out.writeBytes(frame(Frames.DATA, 0, stream, prefixed(ALLOWED)));
    int last = Frames.END_HEADERS | Frames.END_STREAM;
    out.writeBytes(frame(Frames.HEADERS, last, stream, trailers));
    return out.toByteArray();
  }

  private void write(byte[] bytes, int from, int to) throws IOException {
    server.getOutputStream().write(bytes, from, to - from);
  }

  /** Lets the connection read so many bytes, all that was written. */
  private void give(byte[] bytes, int from, int to) throws IOException {
    write(bytes, from, to);
    assertEquals(1, selector.select(MILLIS));
    selector.selectedKeys().clear();
    connection.receive();
  }

  private void give(byte[] bytes) throws IOException {
    give(bytes, 0, bytes.length);
  }

  private void ask(int count) throws IOException {
    connection.ask(Questions.once(new int[count]), 0);
    connection.send();
  }

  private void settle() throws IOException {
    give(frame(Frames.SETTINGS, 0, 0, new byte[0]));
  }

  @Test
  void nothingIsAskedBeforeTheServerHasSaidItsSettings() throws IOException {
    ask(1);
    assertEquals(0, connection.open());
    settle();
    ask(1);
    assertEquals(1, connection.open());
  }

  @Test
  void anAnswerIsReadWhereverItIsCut() throws IOException {
    settle();
    byte[] whole = answer(1, BEGINS, remembered("grpc-status", "0"));
    for (int cut = 1, stream = 1; cut < whole.length; cut++, stream += 2) {
      byte[] bytes = stream == 1 ? whole : answer(stream, BEGINS, remembered("grpc-status", "0"));
      ask(1);
      give(bytes, 0, cut);
      assertEquals(1, connection.open(), "cut at " + cut);
      give(bytes, cut, bytes.length);
      assertEquals(0, connection.open(), "cut at " + cut);
    }
    assertEquals(whole.length - 1, answers.answered());
    assertEquals(0, answers.failed() + answers.denied());
    assertEquals(41, answers.leastRemaining());
  }

  @Test
  void aMessageIsReadWhereverFramesCutIt() throws IOException {
    settle();
    byte[] message = prefixed(ALLOWED);
    for (int cut = 0, stream = 1; cut <= message.length; cut++, stream += 2) {
      ask(1);
      give(frame(Frames.HEADERS, Frames.END_HEADERS, stream, BEGINS));
      give(frame(Frames.DATA, 0, stream, Arrays.copyOfRange(message, 0, cut)));
      give(frame(Frames.DATA, 0, stream, Arrays.copyOfRange(message, cut, message.length)));
      int last = Frames.END_HEADERS | Frames.END_STREAM;
      give(frame(Frames.HEADERS, last, stream, remembered("grpc-status", "0")));
    }
    assertEquals(message.length + 1, answers.answered());
    assertEquals(0, answers.failed() + answers.denied());
  }

  @Test
  void anotherStatusThanTheLastOneIsNoticed() throws IOException {
    settle();
    ask(4);
    give(answer(1, BEGINS, remembered("grpc-status", "0")));
    give(answer(3, BEGINS, LAST));
    give(answer(5, BEGINS, remembered("grpc-status", "8")));
    assertEquals(1, answers.failed());
    give(answer(7, BEGINS, LAST));
    assertEquals(2, answers.failed());
    assertEquals(4, answers.answered());
    assertTrue(answers.failure().contains("grpc-status"), answers.failure());
  }

  @Test
  void theSameBytesAreReadAnewWhenTheTableHasChanged() throws IOException {
    settle();
    ask(4);
    give(answer(1, BEGINS, remembered("grpc-status", "0")));
    give(answer(3, BEGINS, LAST));
    give(answer(5, BEGINS, LAST));
    assertEquals(0, answers.failed());
    byte[] dated = new byte[BEGINS.length + remembered("date", "now").length];
    System.arraycopy(BEGINS, 0, dated, 0, BEGINS.length);
    System.arraycopy(remembered("date", "now"), 0, dated, BEGINS.length, dated.length - 1);
    give(answer(7, dated, LAST));
    assertEquals(1, answers.failed());
  }

  @Test
  void okWithoutAMessageIsAFailure() throws IOException {
    settle();
    ask(1);
    byte[] ok = remembered("grpc-status", "0");
    byte[] both = new byte[1 + ok.length];
    both[0] = BEGINS[0];
    System.arraycopy(ok, 0, both, 1, ok.length);
    give(frame(Frames.HEADERS, Frames.END_HEADERS | Frames.END_STREAM, 1, both));
    assertEquals(1, answers.failed());
    assertEquals("OK after 0 messages", answers.failure());
  }

  @Test
  void aResetCallHasFailedAndMakesRoomForTheNext() throws IOException {
    settle();
    ask(4);
    give(frame(Frames.RST_STREAM, 0, 3, number(7)));
    assertEquals(1, answers.failed());
    assertEquals("RST_STREAM with the code 7", answers.failure());
    assertEquals(3, connection.open());
    ask(4);
    assertEquals(4, connection.open());
  }

  @Test
  void aServerThatSaysGoodByeEndsTheRun() throws IOException {
    settle();
    ask(1);
    byte[] bye = ByteBuffer.allocate(2 * Integer.BYTES).putInt(0).putInt(11).array();
    var e = assertThrows(IOException.class, () -> give(frame(Frames.GOAWAY, 0, 0, bye)));
    assertTrue(e.toString().contains("GOAWAY with the code 11"), e.toString());
  }

  @Test
  void answersThatNobodyAskedForEndTheRun() throws IOException {
    settle();
    byte[] answer = answer(1, BEGINS, remembered("grpc-status", "0"));
    assertThrows(IllegalStateException.class, () -> give(answer));
  }

  @Test
  void aServerThatTakesFewerAtOnceIsRefused() {
    byte[] three = ByteBuffer.allocate(6).putShort((short) 3).putInt(3).array();
    assertThrows(IOException.class, () -> give(frame(Frames.SETTINGS, 0, 0, three)));
  }

  @Test
  void pingsAndSettingsAreAcknowledged() throws IOException {
    settle();
    ask(0);
    give(frame(Frames.PING, 0, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    ask(0);
    ByteBuffer preface = ByteBuffer.allocate(100);
    Frames.putPreface(preface, Windows.OURS);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write(preface.array(), 0, preface.position());
    expected.writeBytes(frame(Frames.SETTINGS, Frames.ACK, 0, new byte[0]));
    expected.writeBytes(frame(Frames.PING, Frames.ACK, 0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    byte[] read = server.getInputStream().readNBytes(expected.size());
    assertEquals(HexFormat.of().formatHex(expected.toByteArray()), HexFormat.of().formatHex(read));
  }

  @Test
  void noMoreIsSentThanTheServerTakes() throws IOException {
    settle();
    byte[] ok = remembered("grpc-status", "0");
    int fit = Frames.WINDOW / CALL.length();
    for (int i = 0; i < fit; i++) {
      ask(1);
      give(answer(2 * i + 1, BEGINS, ok));
    }
    assertEquals(fit, answers.answered());
    ask(1);
    assertEquals(0, connection.open());
    give(frame(Frames.WINDOW_UPDATE, 0, 0, number(CALL.length())));
    ask(1);
    assertEquals(1, connection.open());
  }
}
