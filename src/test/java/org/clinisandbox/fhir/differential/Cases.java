package org.clinisandbox.fhir.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The hand-made cases of {@code cases.txt}, whose head says how they are written. */
final class Cases {
  static final String FILE = "cases.txt";
  private static final Map<String, Integer> LETTERS =
      Map.of("P", 0, "O", 1, "V", 2, "C", 3, "M", 4, "N", 5);

  private Cases() {}

  /**
   * One case.
   *
   * @param valid what R4 says of it, to whoever wrote it
   * @param hapi the recorded verdict; empty before it is recorded
   * @param note why HAPI does otherwise; null when it does the same
   */
  record Case(
      String kind,
      String name,
      boolean valid,
      List<String> edits,
      String hapi,
      @Nullable String note) {
    Example example() {
      return new Example(
          "case " + kind + ": " + name,
          new Example.Edit(kind, String.join("; ", edits)),
          this::bundle);
    }

    boolean hapiAccepts() {
      return hapi.equals("accepts");
    }

    private JsonNode bundle() {
      ObjectNode bundle = (ObjectNode) Corpus.read(Corpus.text("base.json"));
      edits.forEach(edit -> edit(bundle, edit));
      return bundle;
    }

    @Override
    public String toString() {
      return kind + ": " + name;
    }
  }

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    boolean valid = false;
    String kind = "";
    List<String> block = new ArrayList<>();
    for (String line : (Corpus.text(FILE) + "\n\n").lines().toList()) {
      if (line.startsWith("## ")) {
        kind = line.substring(3);
      } else if (line.equals("# VALID") || line.equals("# INVALID")) {
        valid = line.equals("# VALID");
      } else if (line.isEmpty() && !block.isEmpty()) {
        cases.add(of(kind, valid, block));
        block.clear();
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        block.add(line);
      }
    }
    return cases;
  }

  private static Case of(String kind, boolean valid, List<String> block) {
    List<String> edits = new ArrayList<>();
    String hapi = "";
    String note = null;
    for (String line : block.subList(1, block.size())) {
      String rest = line.substring(2);
      switch (line.charAt(0)) {
        case '=', '-', '+' -> edits.add(line);
        case '>' -> hapi = rest;
        case '!' -> note = rest;
        default -> throw new IllegalStateException("a case does not begin so: " + line);
      }
    }
    return new Case(kind, block.getFirst(), valid, List.copyOf(edits), hapi, note);
  }

  private static void edit(ObjectNode bundle, String edit) {
    String[] words = edit.split(" ", 3);
    switch (words[0]) {
      case "+" -> add(bundle, Corpus.read(edit.substring(2)));
      case "-" -> remove(bundle, pointer(words[1]));
      default -> put(bundle, pointer(words[1]), Corpus.read(words[2]));
    }
  }

  private static void add(ObjectNode bundle, JsonNode resource) {
    ((ArrayNode) bundle.get("entry"))
        .addObject()
        .put("fullUrl", "urn:uuid:6f9b1b5e-0a51-4c52-9d2f-0f4a8d1c0006")
        .set("resource", resource);
  }

  private static void put(ObjectNode bundle, JsonPointer at, JsonNode value) {
    String name = at.last().getMatchingProperty();
    switch (bundle.at(at.head())) {
      case ObjectNode object -> object.set(name, value);
      case ArrayNode array when name.equals("-") -> array.add(value);
      case ArrayNode array -> array.set(at.last().getMatchingIndex(), value);
      default -> throw new IllegalStateException("nothing to put a value in: " + at);
    }
  }

  private static void remove(ObjectNode bundle, JsonPointer at) {
    String name = at.last().getMatchingProperty();
    if (bundle.at(at).isMissingNode()) {
      throw new IllegalStateException("nothing to take away: " + at);
    }
    switch (bundle.at(at.head())) {
      case ObjectNode object -> object.remove(name);
      case ArrayNode array -> array.remove(at.last().getMatchingIndex());
      default -> throw new IllegalStateException("nothing to take away: " + at);
    }
  }

  private static JsonPointer pointer(String text) {
    Integer entry = LETTERS.get(text.substring(0, 1));
    return JsonPointer.compile(
        entry == null ? text : "/entry/" + entry + "/resource" + text.substring(1));
  }
}
