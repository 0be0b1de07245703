package org.clinisandbox.fhir.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.clinisandbox.fhir.Finding;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Documents that nobody would send, of the names and values that FHIR has. */
class AnyDocumentTest {
  private static final long SEED = 20261122;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void ours_ends_with_an_answer_for_every_document() {
    Candidate candidate = Candidate.current();
    Documents documents = new Documents(words(), new SplittableRandom(SEED));
    int count = Integer.getInteger("documents", Candidate.QUICK ? 5_000 : 200);
    for (int i = 0; i < count; i++) {
      JsonNode document = documents.next();
      List<Finding> findings;
      try {
        findings = candidate.findings(document);
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        throw new AssertionError("document " + i + ": " + document, e);
      }
      if (!document.path("resourceType").asString("").equals("Bundle")) {
        assertThat(findings).as(document.toString()).isNotEmpty();
      }
      assertThat(findings)
          .as(document.toString())
          .allSatisfy(f -> assertThat(f.expression()).startsWith("Bundle"));
    }
  }

  /** The property names and texts of some real bundles. */
  private static List<Slot> words() {
    List<Slot> words = new ArrayList<>();
    for (Cases.Case c : Cases.all()) {
      words.addAll(Slot.below(c.example().bundle()));
    }
    return words;
  }

  /** Makes documents; the same ones for the same random numbers. */
  private record Documents(List<Slot> words, SplittableRandom random) {
    JsonNode next() {
      ObjectNode bundle = NODES.objectNode();
      if (random.nextInt(20) > 0) {
        bundle.put("resourceType", "Bundle");
      }
      if (random.nextInt(10) > 0) {
        bundle.put("type", "collection");
      }
      ArrayNode entries = bundle.putArray("entry");
      for (int i = random.nextInt(4); i > 0; i--) {
        ObjectNode entry = entries.addObject();
        entry.put("fullUrl", "urn:uuid:6f9b1b5e-0a51-4c52-9d2f-0f4a8d1c%04d".formatted(i));
        entry.set("resource", resource());
      }
      return switch (random.nextInt(12)) {
        case 0 -> value(6);
        case 1 -> bundle.set(word().name(), value(6));
        case 2 -> bundle.set("entry", value(6));
        case 3 -> deep(bundle);
        default -> bundle;
      };
    }

    private JsonNode resource() {
      JsonNode value = value(6);
      Slot type = word();
      if (value instanceof ObjectNode object && type.value().isString()) {
        object.put(
            "resourceType",
            type.name().equals("resourceType") ? type.value().stringValue() : "Observation");
      }
      return value;
    }

    /** As deep as the edge lets through. */
    private JsonNode deep(ObjectNode bundle) {
      String name =
          List.of("extension", "contained", "resource", "part", "item", "entry", "concept")
              .get(random.nextInt(7));
      JsonNode value = value(1);
      for (int i = 0; i < 28; i++) {
        ObjectNode holder = NODES.objectNode();
        holder.put("resourceType", "Parameters").put("url", "http://example.org/x");
        holder.putArray(name).add(value);
        value = holder;
      }
      ((ArrayNode) bundle.get("entry")).addObject().set("resource", value);
      return bundle;
    }

    private JsonNode value(int depth) {
      int kind = random.nextInt(depth > 0 ? 10 : 5);
      return switch (kind) {
        case 0 -> NODES.nullNode();
        case 1 -> NODES.numberNode(random.nextLong());
        case 2 -> NODES.booleanNode(random.nextBoolean());
        case 3, 4 -> text();
        case 5 -> word().value().deepCopy();
        case 6, 7 -> {
          ArrayNode array = NODES.arrayNode();
          for (int i = random.nextInt(3); i > 0; i--) {
            array.add(value(depth - 1));
          }
          yield array;
        }
        default -> {
          ObjectNode object = NODES.objectNode();
          for (int i = random.nextInt(6); i > 0; i--) {
            Slot word = word();
            object.set(
                random.nextInt(8) == 0 ? "_" + word.name() : word.name(),
                random.nextBoolean() ? word.value().deepCopy() : value(depth - 1));
          }
          yield object;
        }
      };
    }

    private JsonNode text() {
      JsonNode value = word().value();
      return NODES.stringNode(value.isString() ? value.stringValue() : "\u0000\ud83d\n'\"{0}%s");
    }

    private Slot word() {
      return words.get(random.nextInt(words.size()));
    }
  }
}
