package org.clinisandbox.fhir.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.databind.JsonNode;

/** Endlessly many changed bundles, the same ones for the same seed. */
final class Mutations {
  private static final int TRIES = 50;

  private final List<List<Example>> bases;
  private final long seed;

  /**
   * @param bases valid bundles; each list is drawn from as often as the others
   */
  Mutations(List<List<Example>> bases, long seed) {
    this.bases = bases.stream().filter(list -> !list.isEmpty()).toList();
    this.seed = seed;
  }

  List<Example> first(int count) {
    List<Example> mutations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      mutations.add(number(i));
    }
    return mutations;
  }

  /** One of them: a base with one change, now and then two. */
  Example number(int number) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
    List<Example> list = bases.get(random.nextInt(bases.size()));
    Example base = list.get(random.nextInt(list.size()));
    JsonNode bundle = base.bundle();
    Example.Edit edit = change(bundle, random);
    if (random.nextInt(8) == 0) {
      change(bundle, random);
    }
    String text = org.clinisandbox.fhir.Json.MAPPER.writeValueAsString(bundle);
    String name = "mutation " + seed + "/" + number + " of " + base.name();
    return new Example(name, edit, () -> Corpus.read(text));
  }

  private static Example.Edit change(JsonNode bundle, SplittableRandom random) {
    Change[] changes = Change.values();
    for (int i = 0; i < TRIES; i++) {
      Change.Scene scene = Change.Scene.of(bundle, random);
      Slot slot = scene.pick(scene.slots());
      Change change = changes[random.nextInt(changes.length)];
      if (change.apply(slot, scene)) {
        return new Example.Edit(change.name(), slot.pointer());
      }
    }
    return new Example.Edit("none", "");
  }
}
