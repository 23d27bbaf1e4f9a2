package io.tollgate.server.settings;

import java.util.Optional;

/**
 * What callers must know, and what hides identifiers.
 *
 * @param checkToken the bearer token of checks; without one everybody who connects may check
 * @param adminToken the bearer token of calls that change limits and counters, as it was set; a
 *     server that needs one and finds none here makes its own
 * @param hashKey the key of identifier hashes; without one a random one of each start
 */
public record SecretSettings(
    Optional<Secret> checkToken, Optional<Secret> adminToken, Optional<HashKey> hashKey) {

  static SecretSettings read(Source source) {
    Optional<SecretText> check = token(source, Variable.TOKEN);
    Optional<SecretText> admin = token(source, Variable.ADMIN_TOKEN);
    if (check.isPresent() && admin.isPresent() && check.get().text().equals(admin.get().text())) {
      source.problem(
          admin.get().name()
              + " is the same as "
              + check.get().name()
              + ", so whoever may check could change limits;"
              + " make another with: openssl rand -hex 32");
    }
    Optional<SecretText> hash = SecretText.read(source, Variable.HASH_KEY.variableName());
    Optional<HashKey> key = hash.flatMap(text -> HashKey.of(text.text()));
    if (hash.isPresent() && key.isEmpty()) {
      source.problem(
          hash.get().name() + " is not 32 hex digits; make one with: openssl rand -hex 16");
    }
    return new SecretSettings(check.map(SecretText::secret), admin.map(SecretText::secret), key);
  }

  private static Optional<SecretText> token(Source source, Variable variable) {
    Optional<SecretText> token = SecretText.read(source, variable.variableName());
    if (token.isPresent() && !token.get().secret().isBearerToken()) {
      source.problem(
          token.get().name()
              + " holds a character that no bearer token has;"
              + " use letters, digits and . _ ~ + / - only");
    }
    return token;
  }
}
