package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.clinisandbox.fhir.validation.Validator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Random changes to a valid bundle, the same ones in each run. */
class AnyJsonTest {
  private static final long SEED = 20261121;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void checking_any_json_ends_with_an_answer() {
    BundleCheck check = new BundleCheck(100);
    Random random = new Random(SEED);
    int valid = 0;
    int rejected = 0;
    for (int i = 0; i < 120; i++) {
      JsonNode bundle = mutated(random);
      switch (check.check(bundle)) {
        case Checked.Valid v -> valid++;
        case Checked.Invalid(Findings findings) -> {
          rejected++;
          assertThat(findings.list())
              .allSatisfy(
                  f -> assertThat(f.expression()).startsWith("Bundle").hasSizeLessThan(500));
        }
      }
    }
    assertThat(valid).isPositive();
    assertThat(rejected).isPositive();
  }

  @Test
  void the_validator_and_the_facts_never_throw() {
    Validator validator = new Validator(100);
    Random random = new Random(SEED);
    for (int i = 0; i < 5_000; i++) {
      JsonNode bundle = ofAnyType(random);
      JsonNode addition = ofAnyType(random);
      assertThatCode(
              () -> {
                Subjects subjects = new Subjects(bundle);
                FactsReader facts = new FactsReader(subjects, bundle);
                subjects.otherPatients();
                validator.validate(bundle, facts::entry);
                assertThat(facts.facts()).isEqualTo(BundleCheck.facts(bundle));
                BundleCheck.facts(Additions.merge(bundle, addition));
              })
          .as(bundle.toString())
          .doesNotThrowAnyException();
    }
  }

  private static JsonNode ofAnyType(Random random) {
    List<String> types = BundleTypes.WITH_DATA;
    ObjectNode bundle = (ObjectNode) mutated(random);
    return random.nextBoolean()
        ? bundle
        : bundle.put("type", types.get(random.nextInt(types.size())));
  }

  private static JsonNode mutated(Random random) {
    ObjectNode bundle = (ObjectNode) Samples.rich();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      List<JsonNode> containers = new ArrayList<>();
      collect(bundle, containers);
      mutate(containers.get(random.nextInt(containers.size())), random);
    }
    return bundle;
  }

  private static void collect(JsonNode node, List<JsonNode> containers) {
    if (node.isContainer() && !node.isEmpty()) {
      containers.add(node);
      node.values().forEach(child -> collect(child, containers));
    }
  }

  private static void mutate(JsonNode container, Random random) {
    int at = random.nextInt(container.size());
    int kind = random.nextInt(3);
    switch (container) {
      case ObjectNode object -> {
        String name = List.copyOf(object.propertyNames()).get(at);
        JsonNode child = object.get(name);
        switch (kind) {
          case 0 -> object.remove(name);
          case 1 -> object.set(name, retyped(child, random));
          default -> object.set(name + "X", child.deepCopy());
        }
      }
      case ArrayNode array -> {
        JsonNode child = array.get(at);
        switch (kind) {
          case 0 -> array.remove(at);
          case 1 -> array.set(at, retyped(child, random));
          default -> array.add(child.deepCopy());
        }
      }
      default -> throw new AssertionError(container.getNodeType());
    }
  }

  private static JsonNode retyped(JsonNode node, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.numberNode(random.nextLong());
      case 2 -> NODES.stringNode("x\n\"'{0}");
      case 3 -> NODES.booleanNode(true);
      case 4 -> NODES.arrayNode();
      case 5 -> NODES.objectNode();
      case 6 -> NODES.arrayNode().add(node.deepCopy());
      default -> NODES.objectNode().set("a", node.deepCopy());
    };
  }
}
