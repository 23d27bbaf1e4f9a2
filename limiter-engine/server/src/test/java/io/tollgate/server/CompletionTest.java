package io.tollgate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real bash completes with the script. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class CompletionTest {

  /** What bash does on TAB at the end of a line, whose last word the first argument counts. */
  private static final String TAB =
      """
      eval "$(cat script)"
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
      $(complete -p tollgate | sed 's/.*-F \\([^ ]*\\) .*/\\1/') 2>errors
      printf '%s\\n' "${COMPREPLY[@]}"
      """;

  @TempDir Path temp;

  private static String script(String shell) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream err = new PrintStream(OutputStream.nullOutputStream(), true);
    assertEquals(
        0,
        Commands.run(
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            err,
            "completion",
            shell));
    return out.toString(StandardCharsets.UTF_8);
  }

  private List<String> complete(String line) throws IOException, InterruptedException {
    Files.writeString(temp.resolve("script"), script("bash"));
    Files.writeString(temp.resolve("limits.yaml"), "");
    String[] words = line.split(" ", -1);
    String[] command = new String[words.length + 5];
    List.of("bash", "--norc", "-c", TAB, "bash").toArray(command);
    System.arraycopy(words, 0, command, 5, words.length);
    Process bash =
        new ProcessBuilder(command).directory(temp.toFile()).redirectErrorStream(true).start();
    try {
      List<String> answer = bash.inputReader(StandardCharsets.UTF_8).lines().toList();
      assertTrue(bash.waitFor(50, TimeUnit.SECONDS));
      return answer;
    } finally {
      bash.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tollgate d, doctor",
    "tollgate serve --ht, --http-port",
    "tollgate doctor --js, --json",
    "tollgate doctor --tls-k, --tls-key",
    "tollgate serve --log-level w, warn",
    "tollgate serve --redis-mode se, sentinel",
    "tollgate serve --redis-mode c, cluster",
    "tollgate serve --redis-tls t, true",
    "tollgate serve --mode s, standalone",
    "tollgate serve --redis-tls-ca li, limits.yaml",
    "tollgate serve --limits li, limits.yaml",
    "tollgate check-config li, limits.yaml",
    "tollgate completion z, zsh",
    "tollgate import e, envoy-ratelimit",
    "tollgate import limitador --fo, --force",
  })
  void bashCompletesTheLastWord(String line, String whole) throws Exception {
    assertEquals(List.of(whole), complete(line));
  }

  @Test
  void bashListsWhatMayFollow() throws Exception {
    assertEquals(
        List.of("serve", "check-config", "import", "doctor", "completion"), complete("tollgate "));
    assertEquals(List.of("json", "text"), complete("tollgate serve --log-format "));
    assertEquals(List.of(""), complete("tollgate serve --http-port "));
  }

  /** Where zsh is missing: the one thing that it needs otherwise than bash. */
  @Test
  void zshGetsTheSameScriptWithAFunctionInPlaceOfAnAlias() {
    String zsh = script("zsh");
    assertTrue(zsh.contains("\n  compopt() { :; }\n"), zsh);
    assertTrue(zsh.contains("autoload -U +X bashcompinit && bashcompinit"), zsh);
    assertEquals(script("bash"), zsh.replace("compopt() { :; }", "alias compopt=complete"));
  }

  @Test
  void anotherShellHasNoScript() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(OutputStream.nullOutputStream(), true);
    assertEquals(
        2,
        Commands.run(
            Map.of(),
            out,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            "completion",
            "fish"));
    assertEquals(
        "tollgate completion: no script for the shell 'fish'; write bash or zsh\n",
        err.toString(StandardCharsets.UTF_8));
  }
}
