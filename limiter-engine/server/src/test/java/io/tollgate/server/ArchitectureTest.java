package io.tollgate.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds who may know whom in the server. */
class ArchitectureTest {

  private static final String ROOT = "io.tollgate.server";

  /** What each package may use beside itself, the JDK and JSpecify. */
  private static final Map<String, List<String>> KNOWS =
      Map.ofEntries(
          entry("text", List.of()),
          entry("address", List.of()),
          entry(
              "config",
              List.of(
                  "io.tollgate.limiter..",
                  ROOT + ".text..",
                  "org.snakeyaml..",
                  "com.fasterxml.jackson.core..")),
          entry("files", List.of()),
          entry(
              "limits",
              List.of(
                  "io.tollgate.limiter..",
                  ROOT + ".config..",
                  ROOT + ".files..",
                  ROOT + ".text..",
                  "com.fasterxml.jackson.core..")),
          entry(
              "metrics",
              List.of(
                  "io.tollgate.limiter..", ROOT + ".limits..", ROOT + ".tls..", "io.prometheus..")),
          entry(
              "settings", List.of("io.tollgate.limiter..", ROOT + ".address..", ROOT + ".text..")),
          entry(
              "log",
              List.of(ROOT + ".settings..", ROOT + ".text..", "com.fasterxml.jackson.core..")),
          entry("tls", List.of(ROOT + ".files..", "io.netty..", "javax.net.ssl..")),
          entry("door", List.of("io.tollgate.limiter..", "io.netty..", "javax.net.ssl..")),
          entry(
              "resp",
              List.of(
                  ROOT + ".door..",
                  ROOT + ".metrics..",
                  ROOT + ".tls..",
                  "io.tollgate.limiter..",
                  "io.netty..")),
          entry(
              "grpc",
              List.of(
                  ROOT + ".door..",
                  ROOT + ".metrics..",
                  ROOT + ".tls..",
                  "io.tollgate.limiter..",
                  "io.netty..",
                  "io.grpc..",
                  "com.google.protobuf..",
                  "com.google.rpc..")),
          entry(
              "http",
              List.of(
                  ROOT + ".address..",
                  ROOT + ".door..",
                  ROOT + ".config..",
                  ROOT + ".limits..",
                  ROOT + ".log..",
                  ROOT + ".metrics..",
                  ROOT + ".tls..",
                  "javax.net.ssl..",
                  "io.tollgate.limiter..",
                  "io.netty..",
                  "com.fasterxml.jackson.core..")),
          entry(
              "doctor",
              List.of(
                  "io.tollgate.limiter..",
                  ROOT + ".address..",
                  ROOT + ".app..",
                  ROOT + ".config..",
                  ROOT + ".limits..",
                  ROOT + ".settings..",
                  ROOT + ".text..",
                  ROOT + ".tls..",
                  "com.fasterxml.jackson.core..",
                  "javax.net.ssl..")),
          entry(
              "app",
              List.of(
                  "io.tollgate.limiter..",
                  "io.netty.channel..",
                  ROOT + ".config..",
                  ROOT + ".limits..",
                  ROOT + ".settings..",
                  ROOT + ".log..",
                  ROOT + ".tls..",
                  ROOT + ".metrics..",
                  ROOT + ".door..",
                  ROOT + ".grpc..",
                  ROOT + ".resp..",
                  ROOT + ".http..")));

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.tollgate");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text",
        "address",
        "config",
        "files",
        "limits",
        "metrics",
        "settings",
        "log",
        "tls",
        "door",
        "http",
        "grpc",
        "resp",
        "app",
        "doctor"
      })
  void packageUsesOnlyWhatItMayKnow(String name) {
    List<String> known = new ArrayList<>(List.of("java..", "org.jspecify.."));
    known.add(ROOT + "." + name + "..");
    known.addAll(KNOWS.getOrDefault(name, List.of()));
    classes()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known.toArray(String[]::new))
        .check(ALL);
  }

  @Test
  void everyClassOfTheServerBelongsToAPackageWithARule() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".*..")
        .and()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(
            KNOWS.keySet().stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new))
        .check(ALL);
  }

  @Test
  void nobodyButTheCommandLineKnowsPicocli() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(ALL);
  }

  @Test
  void theCoreKnowsNobody() {
    noClasses()
        .that()
        .resideInAPackage("io.tollgate.limiter..")
        .and()
        .resideOutsideOfPackage("io.tollgate.limiter.redis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "..", "io.netty..", "com.fasterxml..", "org.snakeyaml..")
        .check(ALL);
    assertFalse(ALL.isEmpty());
  }
}
