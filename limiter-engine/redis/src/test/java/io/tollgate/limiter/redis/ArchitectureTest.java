package io.tollgate.limiter.redis;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Holds whom this module may know; ARCHITECTURE.md tells why. */
class ArchitectureTest {

  private static final String ROOT = "io.tollgate.limiter.redis";

  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void theModuleKnowsTheCoreLettuceAndNettyOnly() {
    classes()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "io.tollgate.limiter..", "io.lettuce..", "io.netty..")
        .check(MODULE);
  }

  @Test
  void batchingBreakerAndPolicyKnowNeitherSocketsNorThreads() {
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.(LettucePort|RedisConnections|Sentinels|ConnectFailed|LoopAlarm|Lanes"
                + "|RedisExaminer|ClusterExaminer|RedisStore)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.lettuce..", "io.netty..", "java.util.concurrent.locks..")
        .check(MODULE);
  }
}
