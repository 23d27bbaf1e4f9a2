package io.tollgate.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is asked over Redis's protocol, and the script in a real redis-server. */
class RespPeerTest {

  private static final Path PROGRAM = Path.of("/opt/program");

  @TempDir Path folder;

  @Test
  void everyPeerIsToldItsPortAndNoneAllAddresses() throws IOException {
    for (Peer peer :
        List.of(
            new TollgateRespPeer(PROGRAM),
            new ThrottlecrabRespPeer(PROGRAM),
            ScriptPeer.ofResource())) {
      String command = Launched.text(peer.command(folder, 12_345));
      assertTrue(command.matches(".*--(resp-port|redis-port|port) 12345( .*|$)"), command);
      assertFalse(command.contains("0.0.0.0"), command);
      assertTrue(peer.asked().endsWith("100000 1 60") || peer.asked().contains("100000 1 60;"));
    }
  }

  @Test
  void theScriptIsAskedForEveryIdentifierAndDeniesNone() throws IOException {
    try (var children = new Children(folder);
        Server server = start(children)) {
      try (var generator = new Generator(server.port(), server.peer().question(), 4)) {
        Timed timed = generator.closed(new int[] {1, 2, 3}, 16, Duration.ofMillis(50));
        assertTrue(timed.closed().answers() >= 64, timed.closed().toString());
        generator.sweep(100, 1, Duration.ofSeconds(30));
        assertEquals(0, generator.tally().failed());
        assertEquals(0, generator.tally().denied());
        long least = generator.tally().leastRemaining();
        assertTrue(least < Peer.BURST && least > 0, "least remaining: " + least);
      }
    }
  }

  @Test
  void theScriptDeniesWhatIsAboveTheBurstAndSaysWhenItWouldPass() throws IOException {
    try (var children = new Children(folder);
        Server server = start(children)) {
      ScriptPeer peer = ScriptPeer.ofResource();
      said(ask(server, peer, "2"), "0 3 2", -1, 60);
      said(ask(server, peer, "2"), "0 3 1", -1, 120);
      said(ask(server, peer, "2"), "0 3 0", -1, 180);
      said(ask(server, peer, "2"), "1 3 0", 60, 180);
      said(ask(server, peer, "2"), "1 3 0", 60, 180);
      said(ask(server, peer, "3"), "0 4 0", -1, 240);
    }
  }

  private Server start(Children children) throws IOException {
    String cores = Cores.ofThisProcess().all();
    return Server.start(ScriptPeer.ofResource(), folder, cores, children);
  }

  /** Seconds pass while this runs, so they may be fewer by some. */
  private static void said(String answer, String first, int wait, int full) {
    String[] words = answer.split(" ", -1);
    assertEquals(first, String.join(" ", words[0], words[1], words[2]), answer);
    int least = wait < 0 ? wait : wait - 30;
    int waits = Integer.parseInt(words[3]);
    assertTrue(waits <= wait && waits >= least, answer);
    int fills = Integer.parseInt(words[4]);
    assertTrue(fills <= full && fills > full - 30, answer);
  }

  /** What the script says of one a minute with a burst, its five numbers in a line. */
  private static String ask(Server server, ScriptPeer peer, String burst) throws IOException {
    byte[] command =
        ScriptLine.command(
            ScriptLine.ascii("EVALSHA"),
            ScriptLine.ascii(peer.sha1()),
            ScriptLine.ascii("1"),
            ScriptLine.ascii("somebody"),
            ScriptLine.ascii(burst),
            ScriptLine.ascii("1"),
            ScriptLine.ascii("60"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(command);
      byte[] bytes = new byte[512];
      int length = 0;
      RespReader reader = new RespReader(0);
      while (reader.read(bytes, 0, length) < 0) {
        int read = socket.getInputStream().read(bytes, length, bytes.length - length);
        assertTrue(read > 0, "redis-server closed");
        length += read;
      }
      String said = new String(bytes, 0, length, StandardCharsets.US_ASCII);
      return said.substring("*5\r\n".length()).replace(":", "").replace("\r\n", " ").strip();
    }
  }
}
