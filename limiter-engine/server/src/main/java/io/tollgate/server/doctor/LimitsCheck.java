package io.tollgate.server.doctor;

import io.tollgate.limiter.catalog.NamespaceSpec;
import io.tollgate.server.config.ConfigException;
import io.tollgate.server.config.LimitsFile;
import io.tollgate.server.settings.LimitsSettings;
import java.util.List;

/** Whether the limits can be used. */
final class LimitsCheck {

  private static final String CHECK = "limits";

  private LimitsCheck() {}

  static List<Finding> of(LimitsSettings limits) {
    return switch (limits) {
      case LimitsSettings.File file -> ofFile(file);
      case LimitsSettings.BuiltIn builtIn ->
          List.of(
              Finding.ok(
                  CHECK,
                  "no limits file: "
                      + builtIn.limit()
                      + " checks per "
                      + builtIn.windowSeconds()
                      + " s for each identifier, under every name"));
    };
  }

  private static List<Finding> ofFile(LimitsSettings.File file) {
    try {
      List<NamespaceSpec> namespaces = LimitsFile.read(file.path());
      int count = namespaces.size();
      return List.of(
          Finding.ok(
              CHECK,
              file.path() + " holds " + count + (count == 1 ? " namespace" : " namespaces")));
    } catch (ConfigException e) {
      int problems = e.problems().size() + e.further();
      return List.of(
          Finding.wrong(
              CHECK,
              e.problems().getFirst().text(e.fileName())
                  + (problems == 1 ? "" : ", and " + (problems - 1) + " more"),
              "run: tollgate check-config " + file.path()));
    }
  }
}
