package org.clinisandbox.fhir;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Adds later resources to a bundle. An added entry takes the place of the entry of its resource
 * type that has the same fullUrl or, unless their fullUrls show two servers, the same id; any other
 * is appended. What takes a place keeps the place's fullUrl and id, and the addition's references
 * follow, so that old and new references lead to the same resource.
 *
 * <p>A Patient resource is added only when it is the bundle's patient: by fullUrl, by id or by a
 * shared identifier, or else the one whom the bundle's subjects name. Any other is left out, and
 * references to it become logical ones.
 */
public final class Additions {
  private static final String PATIENT = "Patient";

  /** The types whose entries need nothing that an added entry may lack. */
  private static final Set<String> OPEN = Set.of("collection", "document", "message", "searchset");

  /** The types in which a conditional reference may stand. */
  private static final Set<String> CONDITIONAL = Set.of("transaction", "batch");

  /** The types in which a reference must be by fullUrl, when that is no URL of a server. */
  private static final Set<String> BY_FULL_URL = Set.of("document", "message");

  private final JsonNode bundle;
  private final Subjects subjects;
  private final String type;
  private final boolean sameType;
  private final boolean keepsType;

  /** The entries of the new bundle; the nodes below them are shared. */
  private final List<ObjectNode> entries = new ArrayList<>();

  private final Map<String, Integer> byFullUrl = new HashMap<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private int patient = -1;
  private final List<Integer> added = new ArrayList<>();
  private final Rewriting rewriting;

  private Additions(JsonNode bundle, JsonNode addition) {
    this.bundle = bundle;
    this.subjects = new Subjects(bundle);
    type = Objects.requireNonNullElse(Nodes.text(bundle, "type"), "collection");
    String other = Nodes.text(addition, "type");
    sameType = type.equals(other);
    keepsType = sameType || OPEN.contains(type);
    rewriting = new Rewriting(sameType || other == null || !CONDITIONAL.contains(other));
  }

  /**
   * The bundle with the addition's resources. Its type and other members are the bundle's, without
   * {@code total} and {@code signature}; it becomes a collection when the added entries could not
   * stand in its type. The arguments stay as they are; the new bundle shares nodes with them.
   *
   * @param bundle a valid bundle
   * @param addition a valid bundle of only the new resources
   */
  public static ObjectNode merge(JsonNode bundle, JsonNode addition) {
    Additions additions = new Additions(bundle, addition);
    additions.keep();
    List<Entry> later = Entry.of(addition);
    // First who it is about: that decides which of the others may take a place.
    later.stream().filter(entry -> entry.is(PATIENT)).forEach(additions::add);
    later.stream().filter(entry -> !entry.is(PATIENT)).forEach(additions::add);
    return additions.result();
  }

  /** A collection of one resource. */
  static ObjectNode wrap(JsonNode resource) {
    ObjectNode wrapped = JsonNodeFactory.instance.objectNode();
    wrapped.put("resourceType", "Bundle").put("type", "collection");
    ObjectNode entry = wrapped.putArray("entry").addObject();
    entry.put("fullUrl", madeUpUrl(resource.toString())).set("resource", resource);
    return wrapped;
  }

  private ObjectNode result() {
    if (BY_FULL_URL.contains(type)) {
      byName.forEach(
          (name, place) -> {
            String fullUrl = Nodes.text(entries.get(place), "fullUrl");
            if (fullUrl != null) {
              rewriting.named(name, fullUrl);
            }
          });
    }
    for (int place : added) {
      ObjectNode entry = entries.get(place);
      entry.set("resource", rewriting.of(entry.path("resource")));
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : bundle.properties()) {
      result.set(member.getKey(), member.getValue());
    }
    result.remove(List.of("total", "_total", "signature"));
    if (!keepsType || (type.equals("document") && !Linked.all(entries, byFullUrl))) {
      result.put("type", "collection");
    }
    ArrayNode all = result.putArray("entry");
    entries.forEach(all::add);
    return result;
  }

  /** Takes over the bundle's own entries; of a history or for a collection those with data. */
  private void keep() {
    if (keepsType && !type.equals("history")) {
      for (JsonNode entry : Nodes.elements(bundle, "entry")) {
        remember(copy(entry, true));
      }
    } else {
      for (Entry entry : subjects.entries()) {
        ObjectNode copy = copy(entry.node(), keepsType);
        if (!keepsType && CONDITIONAL.contains(type)) {
          copy.set("resource", new Rewriting(false).of(entry.resource()));
        }
        if (!keepsType && entry.fullUrl() == null) {
          copy.put("fullUrl", madeUpUrl(entry.place() + entry.resource()));
        }
        remember(copy);
      }
    }
  }

  private static ObjectNode copy(JsonNode entry, boolean ofSameType) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : entry.properties()) {
      boolean ofType =
          switch (member.getKey()) {
            case "request", "response", "search" -> true;
            default -> false;
          };
      if (ofSameType || !ofType) {
        copy.set(member.getKey(), member.getValue());
      }
    }
    return copy;
  }

  private void remember(ObjectNode entry) {
    int place = entries.size();
    entries.add(entry);
    String fullUrl = Nodes.text(entry, "fullUrl");
    if (fullUrl != null) {
      byFullUrl.putIfAbsent(fullUrl, place);
    }
    String name = Entry.name(entry.path("resource"));
    if (name != null) {
      byName.putIfAbsent(name, place);
    }
    if (patient < 0 && Nodes.isResource(entry.path("resource"), PATIENT)) {
      patient = place;
    }
  }

  private void add(Entry entry) {
    ObjectNode copy = copy(entry.node(), sameType);
    if (entry.fullUrl() == null) {
      copy.put("fullUrl", madeUpUrl(entry.resource().toString()));
    }
    int place = place(copy);
    if (place >= 0) {
      replace(place, entry, copy);
    } else if (entry.is(PATIENT) && !isThePatient(entry)) {
      rewriting.leftOut(entry);
    } else if (!byFullUrl.containsKey(Objects.requireNonNull(Nodes.text(copy, "fullUrl")))) {
      added.add(entries.size());
      remember(copy);
    }
  }

  /** Which place an added entry takes; -1 when it takes none. */
  private int place(ObjectNode entry) {
    JsonNode resource = entry.path("resource");
    String type = Nodes.text(resource, "resourceType");
    String fullUrl = Nodes.text(entry, "fullUrl");
    Integer place = byFullUrl.get(fullUrl);
    if (place != null && type != null && Nodes.isResource(at(place), type)) {
      return place;
    }
    place = byName.get(Entry.name(resource));
    if (place != null
        && Target.mayShareServer(fullUrl, Nodes.text(entries.get(place), "fullUrl"))) {
      return place;
    }
    return patient >= 0
            && PATIENT.equals(type)
            && Subjects.isIdentified(resource, Subjects.identifiers(at(patient)))
        ? patient
        : -1;
  }

  private JsonNode at(int place) {
    return entries.get(place).path("resource");
  }

  /** Whether a Patient that takes no place is the first one, and nobody else is named. */
  private boolean isThePatient(Entry entry) {
    return patient < 0 && (!subjects.tellPatient() || subjects.name(entry));
  }

  private void replace(int place, Entry entry, ObjectNode copy) {
    if (patient < 0 && subjects.nameAnother(entry)) {
      // Without a Patient resource, this would change whom the bundle is about.
      return;
    }
    ObjectNode earlier = entries.get(place);
    JsonNode was = earlier.path("resource");
    JsonNode becomes = entry.resource();
    String fullUrl = Nodes.text(earlier, "fullUrl");
    String id = Nodes.text(was, "id");
    rewriting.moved(entry, fullUrl, was);
    if (id != null && !id.equals(Nodes.text(becomes, "id"))) {
      ObjectNode renamed = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> member : becomes.properties()) {
        renamed.set(member.getKey(), member.getValue());
      }
      copy.set("resource", renamed.put("id", id));
      copy.remove("fullUrl");
    }
    if (fullUrl != null) {
      copy.put("fullUrl", fullUrl);
    }
    entries.set(place, copy);
    added.add(place);
  }

  /** A fullUrl for a resource that came without one: equal for equal contents. */
  private static String madeUpUrl(String content) {
    return "urn:uuid:" + UUID.nameUUIDFromBytes(content.getBytes(StandardCharsets.UTF_8));
  }
}
