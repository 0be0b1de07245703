package org.clinisandbox.fhir;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says which medication a statement or request is about. */
final class Medications {
  private static final String MEDICATION = "Medication";

  private final List<Entry> entries;
  private @Nullable Map<String, Entry> byAddress;

  Medications(List<Entry> entries) {
    this.entries = entries;
  }

  /** Every coding of the medication; none when its reference leads nowhere in the bundle. */
  List<Coding> codes(Located located) {
    JsonNode resource = located.resource();
    JsonNode concept = resource.get("medicationCodeableConcept");
    if (concept != null) {
      return Nodes.codings(concept);
    }
    JsonNode reference = resource.get("medicationReference");
    JsonNode medication = reference == null ? null : find(located.entry(), reference);
    return medication == null ? List.of() : Nodes.codings(medication.get("code"));
  }

  private @Nullable JsonNode find(Entry from, JsonNode reference) {
    return switch (Target.of(from, reference, MEDICATION)) {
      case Target.Contained(JsonNode resource) ->
          Nodes.isResource(resource, MEDICATION) ? resource : null;
      case Target.Url(String written, String resolved) -> {
        Entry found = byAddress().get(resolved);
        if (found == null) {
          Entry named = byAddress().get(written);
          found =
              named != null && Target.mayShareServer(from.fullUrl(), named.fullUrl())
                  ? named
                  : null;
        }
        yield found == null ? null : found.resource();
      }
      case Target.ByIdentifier(String identifier) -> {
        Entry found = byAddress().get(identifier);
        yield found == null ? null : found.resource();
      }
      case Target.Container c -> null;
      case Target.Nothing n -> null;
    };
  }

  /** By fullUrl, by {@code Medication/id} and by identifier, which always has a bar. */
  private Map<String, Entry> byAddress() {
    Map<String, Entry> found = byAddress;
    if (found == null) {
      found = new HashMap<>();
      for (Entry entry : entries) {
        if (entry.is(MEDICATION)) {
          add(found, entry.fullUrl(), entry);
          add(found, Entry.name(entry.resource()), entry);
          for (JsonNode identifier : Nodes.elements(entry.resource(), "identifier")) {
            add(found, Target.identifier(identifier), entry);
          }
        }
      }
      byAddress = found;
    }
    return found;
  }

  private static void add(Map<String, Entry> map, @Nullable String key, Entry entry) {
    if (key != null) {
      map.putIfAbsent(key, entry);
    }
  }
}
