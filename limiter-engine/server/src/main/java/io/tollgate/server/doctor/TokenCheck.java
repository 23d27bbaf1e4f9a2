package io.tollgate.server.doctor;

import io.tollgate.server.app.AdminToken;
import io.tollgate.server.app.AdminTokenFile;
import io.tollgate.server.app.AdminTokenFile.Content;
import io.tollgate.server.settings.ListenSettings;
import io.tollgate.server.settings.Secret;
import io.tollgate.server.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may check and administer, and how well the secrets are kept. */
final class TokenCheck {

  private static final String CHECK_TOKEN = "check token";
  private static final String ADMIN_TOKEN = "admin token";

  /** 64 bits in hex digits: what nobody guesses through a limiter; better ones are suggested. */
  private static final int SHORT = 16;

  private static final String MAKE = "make one with: openssl rand -hex 32";

  private TokenCheck() {}

  static List<Finding> of(Settings settings, Map<String, String> environment) {
    List<Finding> findings = new ArrayList<>();
    findings.add(checkToken(settings));
    findings.add(adminToken(settings));
    findings.add(hashKey(settings));
    Settings.secretFiles(environment)
        .forEach((name, file) -> {
          if (Modes.openToAll(file)) {
            findings.add(
                Finding.warning(
                    "secret file",
                    "every user of this machine can read the file of " + name,
                    "run: chmod 600 " + file));
          }
        });
    return findings;
  }

  private static Finding checkToken(Settings settings) {
    Optional<Secret> token = settings.secrets().checkToken();
    ListenSettings listen = settings.listen();
    if (token.isPresent()) {
      return set(CHECK_TOKEN, "TOLLGATE_TOKEN", token.get());
    }
    return listen.loopback()
        ? Finding.ok(CHECK_TOKEN, "none is asked for; only this machine reaches the server")
        : Finding.warning(
            CHECK_TOKEN,
            "none is asked for on "
                + listen.address().getHostAddress()
                + ": whoever reaches it can use up everybody's limits",
            "set TOLLGATE_TOKEN, or TOLLGATE_BIND=127.0.0.1; " + MAKE);
  }

  private static Finding set(String check, String name, Secret token) {
    return token.value().length() < SHORT
        ? Finding.warning(check, name + " has fewer than " + SHORT + " characters", MAKE)
        : Finding.ok(check, name + " is set");
  }

  private static Finding adminToken(Settings settings) {
    Optional<Secret> token = settings.secrets().adminToken();
    if (token.isPresent()) {
      return set(ADMIN_TOKEN, "TOLLGATE_ADMIN_TOKEN", token.get());
    }
    if (!AdminToken.needed(settings)) {
      return Finding.ok(ADMIN_TOKEN, "none is asked for: whoever is on this machine administers");
    }
    Optional<Path> folder = settings.data().folder();
    return folder.isPresent() && DataFolderCheck.isUsable(folder.get())
        ? kept(new AdminTokenFile(folder.get()), settings)
        : passing("there is no data folder that this user may write");
  }

  private static Finding kept(AdminTokenFile file, Settings settings) {
    Path path = file.path();
    try {
      return switch (file.read()) {
        case Content.Missing _ ->
            Finding.ok(ADMIN_TOKEN, "the first start makes one and keeps it in " + path);
        case Content.Empty _ -> refused(path + " is empty");
        case Content.Garbled _ -> refused(path + " holds no bearer token");
        case Content.Kept kept
            when settings.secrets().checkToken().filter(kept.token()::equals).isPresent() ->
            refused(path + " holds the token of checks");
        case Content.Kept kept when kept.openToOthers() ->
            Finding.warning(
                ADMIN_TOKEN, "other users can read or change " + path, "run: chmod 600 " + path);
        case Content.Kept _ -> Finding.ok(ADMIN_TOKEN, "it is in " + path);
      };
    } catch (IOException e) {
      return passing("this user may not read " + path);
    }
  }

  private static Finding refused(String what) {
    return Finding.wrong(ADMIN_TOKEN, what, "remove the file, or set TOLLGATE_ADMIN_TOKEN");
  }

  private static Finding passing(String why) {
    return Finding.warning(
        ADMIN_TOKEN,
        "each start makes another one, since " + why,
        "set TOLLGATE_ADMIN_TOKEN or TOLLGATE_DATA_DIR; " + MAKE);
  }

  private static Finding hashKey(Settings settings) {
    String check = "hash key";
    boolean shared = settings.redis().isPresent();
    if (settings.secrets().hashKey().isPresent()) {
      return Finding.ok(
          check,
          "TOLLGATE_HASH_KEY is set"
              + (shared ? "; the instances that share Redis must all have it" : ""));
    }
    return Finding.ok(
        check,
        shared
            ? "the instances that share Redis agree on one there"
            : "another one at each start, which is well while counters are in memory only");
  }
}
