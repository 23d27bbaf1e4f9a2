package io.tollgate.server.settings;

import io.tollgate.server.text.NearestName;
import io.tollgate.server.text.Shown;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds variables that look like ours and are none, which is most often a typo. */
final class UnknownNames {

  private static final String PREFIX = "TOLLGATE_";

  /** Read by the SDKs, which may live in the same environment. */
  private static final Set<String> OF_SDKS = Set.of("TOLLGATE_ENDPOINT", "TOLLGATE_API_KEY");

  /** What Kubernetes injects for a Service whose name begins with tollgate. */
  private static final Pattern OF_KUBERNETES =
      Pattern.compile(".*_SERVICE_HOST|.*_SERVICE_PORT(_.*)?|TOLLGATE_PORT|.*_PORT_[0-9]+_.*");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private UnknownNames() {}

  static void report(Source source) {
    List<String> known = known().toList();
    for (String name : source.environment().keySet()) {
      boolean ours = name.startsWith(PREFIX) && !OF_SDKS.contains(name);
      if (ours && !known.contains(name) && !isFromKubernetes(source, name)) {
        String fix =
            NearestName.of(name, known)
                .map(near -> "did you mean " + near + "?")
                .orElse("unset it; docs/environment.md lists what there is");
        source.problem(Shown.line(name, 60) + " is not a setting of this server; " + fix);
      }
    }
  }

  /** Whether Kubernetes says with it where a Service is. */
  static boolean isFromKubernetes(Source source, String name) {
    return OF_KUBERNETES.matcher(name).matches()
        || (name.endsWith("_PORT")
            && source.variable(name).filter(s -> isAddressOfAService(s.text())).isPresent());
  }

  static boolean isAddressOfAService(String text) {
    return SERVICE_ADDRESS.matcher(text).matches();
  }

  private static Stream<String> known() {
    Stream<String> obeyed =
        Arrays.stream(Variable.values())
            .flatMap(v ->
                v.secret()
                    ? Stream.of(v.variableName(), v.variableName() + "_FILE")
                    : Stream.of(v.variableName()));
    Stream<String> refused =
        NotYet.names().stream()
            .flatMap(n -> NotYet.isSecret(n) ? Stream.of(n, n + "_FILE") : Stream.of(n));
    return Stream.concat(obeyed, refused);
  }
}
