package org.clinisandbox.negotiation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;

/** The items that a set of models asks for, numbered: overlapping codes have one number. */
final class Items {
  /** A disjoint-set forest over everything that has a name: codes and facts of the patient. */
  private final List<Integer> parents = new ArrayList<>();

  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, Item> named = new HashMap<>();

  Items(List<Manifest> manifests) {
    for (OfPatient.Item fact : OfPatient.Item.values()) {
      OfPatient patient = new OfPatient(fact, true, null);
      join(patient);
      named.put(number(patient), item(patient));
    }
    for (Manifest manifest : manifests) {
      manifest.inputs().forEach(this::join);
    }
    for (Manifest manifest : manifests) {
      manifest.inputs().forEach(input -> named.putIfAbsent(number(input), item(input)));
    }
  }

  private void join(Requirement input) {
    int first = -1;
    for (String name : names(input)) {
      int number =
          root(
              numbers.computeIfAbsent(
                  name,
                  n -> {
                    parents.add(parents.size());
                    return parents.size() - 1;
                  }));
      if (first < 0) {
        first = number;
      } else {
        parents.set(number, root(first));
      }
    }
  }

  private int root(int number) {
    int at = number;
    while (parents.get(at) != at) {
      parents.set(at, parents.get(parents.get(at)));
      at = parents.get(at);
    }
    return at;
  }

  /** The number of the item that would meet an input of one of these models. */
  int number(Requirement input) {
    Integer number = numbers.get(names(input).getFirst());
    if (number == null) {
      throw new IllegalArgumentException("an input of none of these models");
    }
    return root(number);
  }

  /** The item of a number, as the first model that asks for it calls it. */
  Item get(int number) {
    Item item = named.get(number);
    if (item == null) {
      throw new IllegalArgumentException("no such item");
    }
    return item;
  }

  private static List<String> names(Requirement input) {
    return input instanceof OfPatient patient
        ? List.of("patient " + patient.name())
        : Codes.of(input).stream().map(coding -> coding.system() + "|" + coding.code()).toList();
  }

  private static Item item(Requirement input) {
    return switch (input) {
      case OfPatient patient -> new Item(null, null, patient.display());
      case OfObservation observation ->
          new Item(observation.system(), observation.code(), observation.display());
      case OfStatement statement ->
          new Item(
              statement.codes().getFirst().system(),
              statement.codes().getFirst().code(),
              statement.display());
      case OfGroup g -> throw new IllegalArgumentException("a group is no input");
      case OfRule r -> throw new IllegalArgumentException("a rule is no input");
    };
  }
}
