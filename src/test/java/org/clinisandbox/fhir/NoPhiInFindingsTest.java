package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a value that occurs nowhere else into every place of a bundle and looks for it in the
 * answer.
 */
class NoPhiInFindingsTest {
  private static final BundleCheck CHECK = new BundleCheck(100);

  /** Each with a part that must not come back. */
  private static final List<String> CANARIES =
      List.of(
          "Zebrafink",
          "1950-13-45-Zebrafink",
          "http://zebrafink.example/fhir/StructureDefinition/zebrafink|1.0",
          "http://hl7.org/fhir/StructureDefinition/Zebrafink",
          "Patient/Zebrafink",
          "urn:uuid:Zebrafink",
          "#Zebrafink",
          "'Zebrafink' (http://hl7.org/fhir/ValueSet/zebrafink|4.0.1), Zebrafink",
          "x*/.Zebrafink[0]/*",
          "Zebrafink minimum required = 1, but only found 0 (from Zebrafink)",
          "  Zebrafink\u0001\n</div>{0}''",
          "zebrafink zebrafink ".repeat(5_000));

  private final Set<String> messages = new TreeSet<>();

  @Test
  void no_value_comes_back_whatever_place_it_stands_in() {
    JsonNode sample = Samples.rich();
    int leaves = leaves(sample, new ArrayList<>()).size();
    String printed =
        whilePrinting(
            () -> {
              for (int leaf = 0; leaf < leaves; leaf++) {
                // Every place with a text, each of them in turn, and with a number.
                check(
                    sample,
                    leaf,
                    Json.MAPPER.getNodeFactory().stringNode(CANARIES.get(leaf % CANARIES.size())));
                check(sample, leaf, Json.MAPPER.readTree("918273645.918273645E12"));
              }
            });

    assertThat(leaves).isGreaterThan(60);
    assertThat(messages).hasSizeGreaterThan(20);
    assertThat(printed).doesNotContainIgnoringCase("zebrafink").doesNotContain("918273645");
  }

  @Test
  void all_places_at_once_give_nothing_back() {
    for (String canary : CANARIES) {
      JsonNode bundle = Samples.rich();
      for (Leaf leaf : leaves(bundle, new ArrayList<>())) {
        if (!"resourceType".equals(leaf.name())) {
          leaf.set(Json.MAPPER.getNodeFactory().stringNode(canary));
        }
      }
      assertSilent(CHECK.check(bundle));
    }
  }

  @Test
  void an_unknown_propertys_name_stands_in_the_location_only() {
    ObjectNode bundle = (ObjectNode) Samples.rich();
    ObjectNode patient = (ObjectNode) bundle.get("entry").get(0).get("resource");
    patient.put("shoeSize", 42).put("Zebrafink Anna", 1).put("Zebrafink'.name", 1);
    ((ObjectNode) patient.get("name").get(0)).put("maiden", "Zebrafink");

    List<Finding> findings = assertSilent(CHECK.check(bundle));

    assertThat(findings)
        .extracting(Finding::expression)
        .contains(
            "Bundle.entry[0].resource.shoeSize",
            "Bundle.entry[0].resource",
            "Bundle.entry[0].resource.name[0].maiden");
    assertThat(findings)
        .extracting(Finding::message)
        .noneMatch(m -> m.contains("shoeSize") || m.contains("maiden"));
  }

  @Test
  void a_value_that_is_also_a_name_of_the_definitions_is_masked() {
    ObjectNode bundle = (ObjectNode) Samples.rich();
    ObjectNode patient = (ObjectNode) bundle.get("entry").get(0).get("resource");
    ((ObjectNode) patient.get("name").get(0)).put("use", "Flag");

    List<Finding> findings = assertSilent(CHECK.check(bundle));

    assertThat(findings).isNotEmpty().noneMatch(f -> f.message().contains("Flag"));
  }

  private void check(JsonNode sample, int leaf, JsonNode canary) {
    JsonNode bundle = sample.deepCopy();
    leaves(bundle, new ArrayList<>()).get(leaf).set(canary);
    assertSilent(CHECK.check(bundle)).forEach(f -> messages.add(f.message()));
  }

  private static List<Finding> assertSilent(Checked checked) {
    return switch (checked) {
      case Checked.Valid valid -> List.of();
      case Checked.Invalid(Findings findings) -> {
        assertThat(findings.operationOutcome().toString())
            .doesNotContainIgnoringCase("zebrafink")
            .doesNotContain("918273645");
        yield findings.list();
      }
    };
  }

  /** Runs it and gives what it wrote to standard output, standard error and the log. */
  private static String whilePrinting(Runnable task) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = System.out;
    PrintStream err = System.err;
    PrintStream capture = new PrintStream(printed, true, StandardCharsets.UTF_8);
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level level = root.getLevel();
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    root.addAppender(logged);
    root.setLevel(Level.TRACE);
    System.setOut(capture);
    System.setErr(capture);
    try {
      task.run();
    } finally {
      System.setOut(out);
      System.setErr(err);
      root.setLevel(level);
      root.detachAppender(logged);
    }
    logged.list.forEach(event -> capture.println(event.getFormattedMessage()));
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** A place for a value: a property, or an element when {@code name} is null. */
  private record Leaf(JsonNode parent, @Nullable String name, int index) {
    void set(JsonNode value) {
      if (name == null) {
        ((ArrayNode) parent).set(index, value);
      } else {
        ((ObjectNode) parent).set(name, value);
      }
    }
  }

  private static List<Leaf> leaves(JsonNode node, List<Leaf> found) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        visit(new Leaf(node, null, i), node.get(i), found);
      }
    }
    for (String name : List.copyOf(node.propertyNames())) {
      visit(new Leaf(node, name, -1), node.get(name), found);
    }
    return found;
  }

  private static void visit(Leaf leaf, JsonNode value, List<Leaf> found) {
    if (value.isValueNode()) {
      found.add(leaf);
    } else {
      leaves(value, found);
    }
  }
}
