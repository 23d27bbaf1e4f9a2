package io.tollgate.server.settings;

import io.tollgate.limiter.algorithm.Algorithm;
import io.tollgate.limiter.algorithm.Exact;
import io.tollgate.limiter.algorithm.InvalidLimitException;
import java.util.List;
import java.util.Optional;

/** Reads where the limits come from: a file, or the two numbers of the built-in example. */
final class LimitsReader {

  private static final long DEFAULT_LIMIT = 100;
  private static final long DEFAULT_WINDOW_SECONDS = 60;
  private static final long MOST_WINDOW_SECONDS = 366L * 86_400;

  private static final LimitsSettings.BuiltIn DEFAULT =
      new LimitsSettings.BuiltIn(DEFAULT_LIMIT, DEFAULT_WINDOW_SECONDS);

  private LimitsReader() {}

  static LimitsSettings read(Source source) {
    Optional<Source.Setting> file = source.value(Variable.LIMITS);
    Optional<Source.Setting> limit = source.value(Variable.BASE_LIMIT);
    Optional<Source.Setting> window = source.value(Variable.WINDOW_SECONDS);
    return file.isPresent() ? file(file.get(), limit, window) : builtIn(limit, window);
  }

  private static LimitsSettings file(
      Source.Setting file, Optional<Source.Setting> limit, Optional<Source.Setting> window) {
    String what = "is for the built-in example, which the file of " + file.name() + " replaces";
    for (Optional<Source.Setting> number : List.of(limit, window)) {
      number.ifPresent(n -> n.problem(what, "unset one of the two"));
    }
    return file.path("a limits file").<LimitsSettings>map(LimitsSettings.File::new).orElse(DEFAULT);
  }

  private static LimitsSettings builtIn(
      Optional<Source.Setting> limit, Optional<Source.Setting> window) {
    LimitsSettings.BuiltIn builtIn =
        new LimitsSettings.BuiltIn(
            limit.flatMap(s -> s.wholeNumber(1, Exact.MAX)).orElse(DEFAULT_LIMIT),
            window
                .flatMap(s -> s.wholeNumber(1, MOST_WINDOW_SECONDS))
                .orElse(DEFAULT_WINDOW_SECONDS));
    try {
      var _ = new Algorithm.Gcra(builtIn.limit(), builtIn.windowMicros(), builtIn.limit());
      return builtIn;
    } catch (InvalidLimitException refusal) {
      limit
          .or(() -> window)
          .ifPresent(s -> s.problem("cannot be counted: " + refusal.detail(), refusal.fix()));
      return DEFAULT;
    }
  }
}
