package io.tollgate.limiter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds who may know whom in the core; ARCHITECTURE.md tells why. */
class ArchitectureTest {
  private static final String ROOT = "io.tollgate.limiter";

  /** From left to right: each layer knows itself and those before it. */
  private static final List<String> LAYERS =
      List.of("decision", "algorithm", "limit", "store", "catalog", "concurrency", "check");

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  static Stream<String> layers() {
    return LAYERS.stream();
  }

  @Test
  void theCoreIsReallyRead() {
    assertFalse(
        CORE.isEmpty(), "no class of " + ROOT + " was found: the rules would hold of nothing");
  }

  @ParameterizedTest
  @MethodSource("layers")
  void layerKnowsOnlyThoseBeforeIt(String layer) {
    List<String> known = new ArrayList<>(List.of("java..", "org.jspecify.."));
    for (String name : LAYERS.subList(0, LAYERS.indexOf(layer) + 1)) {
      known.add(packageOf(name));
    }
    classes()
        .that()
        .resideInAPackage(packageOf(layer))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known.toArray(String[]::new))
        .because("the layers are " + String.join(" ← ", LAYERS))
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void everyClassBelongsToALayer() {
    classes()
        .that()
        .doNotHaveSimpleName("package-info")
        .should()
        .resideInAnyPackage(LAYERS.stream().map(ArchitectureTest::packageOf).toArray(String[]::new))
        .because("a package outside the layers would escape their rule")
        .allowEmptyShould(true)
        .check(CORE);
  }

  @Test
  void coreIsPure() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.util.logging..", "java.net..", "java.nio.file..", "java.sql..", "java.rmi..")
        .because("the decision neither logs nor reaches for files and networks; its callers do")
        .allowEmptyShould(true)
        .check(CORE);
  }

  private static String packageOf(String layer) {
    return ROOT + "." + layer + "..";
  }
}
