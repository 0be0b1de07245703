package org.clinisandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the picture of docs/ARCHITECTURE.md: who may know whom. */
class StructureTest {
  private static final String ROOT = "org.clinisandbox";

  /** Every arrow that is allowed between packages. The root package wires all of them together. */
  private static final Map<String, List<String>> ARROWS =
      Map.ofEntries(
          Map.entry(
              "intake",
              List.of("fhir", "registry", "negotiation", "job", "stage", "tenant", "vault")),
          Map.entry("fhir", List.of()),
          Map.entry("registry", List.of("fhir")),
          Map.entry("negotiation", List.of("fhir", "registry")),
          Map.entry(
              "job", List.of("batch", "fhir", "queue", "stage", "tenant", "vault", "webhook")),
          Map.entry("queue", List.of()),
          Map.entry(
              "worker",
              List.of(
                  "fhir", "job", "negotiation", "queue", "registry", "sandbox", "stage", "vault")),
          Map.entry("sandbox", List.of("registry")),
          Map.entry("webhook", List.of()),
          Map.entry("vault", List.of()),
          Map.entry("batch", List.of()),
          Map.entry("stage", List.of()),
          Map.entry("tenant", List.of("vault")),
          Map.entry("settings", List.of()),
          Map.entry("services", List.of()),
          Map.entry("cli", List.of("fhir", "registry", "sandbox", "services", "settings")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void every_package_is_in_the_picture() {
    Set<String> found = new TreeSet<>();
    CLASSES.forEach(c -> found.add(feature(c.getPackageName())));
    found.remove("");

    assertThat(found).isEqualTo(new TreeMap<>(ARROWS).keySet());
  }

  private static String feature(String packageName) {
    String below = packageName.substring(ROOT.length());
    return below.isEmpty() ? "" : below.substring(1).replaceFirst("\\..*", "");
  }

  @Test
  void packages_know_only_whom_the_picture_lets_them_know() {
    ARROWS.forEach(
        (from, to) ->
            noClasses()
                .that()
                .resideInAPackage(ROOT + "." + from + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden(from, to))
                .check(CLASSES));
  }

  /** All packages of ours but the package itself and those that it may know. */
  private static String[] forbidden(String from, List<String> allowed) {
    return Stream.concat(
            Stream.of(ROOT),
            ARROWS.keySet().stream()
                .filter(name -> !name.equals(from) && !allowed.contains(name))
                .map(name -> ROOT + "." + name + ".."))
        .toArray(String[]::new);
  }

  @Test
  void there_is_no_cycle() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void negotiation_is_pure() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".negotiation..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework..", "java.io..", "java.nio.file..", "java.net..", "java.sql..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.time.Clock")
        .check(CLASSES);
  }

  @Test
  void spring_is_met_in_wiring_the_http_edge_and_jdbc_alone() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT, ROOT + ".intake..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.springframework.boot..",
            "org.springframework.context..",
            "org.springframework.beans..",
            "org.springframework.web..")
        .check(CLASSES);
  }

  @Test
  void only_the_worker_the_command_line_and_the_wiring_make_sandboxes() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".intake..", ROOT + ".job..", ROOT + ".webhook..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".sandbox..")
        .check(CLASSES);
  }
}
