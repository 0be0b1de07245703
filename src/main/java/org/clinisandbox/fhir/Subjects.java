package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whose the resources are that facts are read from. With a Patient resource in the bundle: does the
 * subject resolve to it? Without one: the patient whom the subjects name first stands for it.
 */
final class Subjects {
  private static final String PATIENT = "Patient";

  private final List<Entry> entries;
  private final List<Located> located = new ArrayList<>();
  private final List<Entry> patients = new ArrayList<>();
  private final Set<String> patientIdentifiers;

  /** Only without a Patient resource: those whom subjects name, and who does so first. */
  private final Map<Object, Located> named = new LinkedHashMap<>();

  private final Set<String> fullUrls = new HashSet<>();
  private final @Nullable Object first;

  /** What is known of contained resources, each of which is looked at once. */
  private final IdentityHashMap<JsonNode, Boolean> samePatient = new IdentityHashMap<>();

  private final IdentityHashMap<JsonNode, Person> people = new IdentityHashMap<>();
  private final Map<JsonNode, Person> distinctPeople = new HashMap<>();

  Subjects(JsonNode bundle) {
    entries = Entry.of(bundle);
    for (Entry entry : entries) {
      if (entry.is(PATIENT)) {
        patients.add(entry);
      }
      locate(entry, located);
    }
    if (patients.isEmpty()) {
      patientIdentifiers = Set.of();
      for (Entry entry : entries) {
        if (entry.fullUrl() != null) {
          fullUrls.add(entry.fullUrl());
        }
      }
      for (Located each : located) {
        Object key = key(each);
        if (key != null) {
          named.putIfAbsent(key, each);
        }
      }
    } else {
      patientIdentifiers = identifiers(patients.getFirst().resource());
    }
    first = named.isEmpty() ? null : named.keySet().iterator().next();
  }

  private static void locate(Entry entry, List<Located> located) {
    locate(entry, -1, entry.resource(), entry.type(), located);
    int index = 0;
    for (JsonNode contained : Nodes.elements(entry.resource(), "contained")) {
      locate(entry, index++, contained, Nodes.text(contained, "resourceType"), located);
    }
  }

  private static void locate(
      Entry entry, int contained, JsonNode resource, @Nullable String type, List<Located> located) {
    Located.Kind kind =
        switch (type) {
          case "Observation" -> Located.Kind.OBSERVATION;
          case "Condition" -> Located.Kind.CONDITION;
          case "MedicationStatement" -> Located.Kind.MEDICATION_STATEMENT;
          case "MedicationRequest" -> Located.Kind.MEDICATION_REQUEST;
          case null, default -> null;
        };
    if (kind != null) {
      located.add(new Located(entry, contained, kind, resource));
    }
  }

  List<Entry> entries() {
    return entries;
  }

  /** The resources that facts are read from, in the bundle's order. */
  List<Located> located() {
    return located;
  }

  /** The bundle's Patient resource; null when there is none. */
  @Nullable Entry patient() {
    return patients.isEmpty() ? null : patients.getFirst();
  }

  /** Whether anything in the bundle says who its patient is. */
  boolean tellPatient() {
    return !patients.isEmpty() || first != null;
  }

  /** A finding for each patient after the first. */
  List<Finding> otherPatients() {
    List<Finding> findings = new ArrayList<>();
    for (int i = 1; i < patients.size(); i++) {
      findings.add(
          tooMany(
              patients.get(i).place(),
              "The bundle has more than one Patient; send one bundle for each patient."));
    }
    for (Map.Entry<Object, Located> other : named.entrySet()) {
      if (!other.getKey().equals(first)) {
        findings.add(
            tooMany(
                other.getValue().place() + ".subject",
                "The subjects name more than one patient; send one bundle for each patient."));
      }
    }
    return findings;
  }

  Subject of(Located located) {
    JsonNode subject = located.resource().get("subject");
    if (subject == null || !subject.isObject() || subject.isEmpty()) {
      return Subject.UNSTATED;
    }
    Entry patient = patient();
    if (patient == null) {
      return first != null && first.equals(key(located)) ? Subject.PATIENT : Subject.OTHER;
    }
    Target target = Target.of(located.entry(), subject, PATIENT);
    boolean same =
        target instanceof Target.Contained(JsonNode resource)
            ? samePatient.computeIfAbsent(
                resource, r -> names(target, located.entry(), patient, patientIdentifiers))
            : names(target, located.entry(), patient, patientIdentifiers);
    return same ? Subject.PATIENT : Subject.OTHER;
  }

  /**
   * Whether a Patient resource, which need not be of this bundle, is the one that this bundle's
   * subjects name.
   */
  boolean name(Entry patient) {
    Set<String> identifiers = identifiers(patient.resource());
    return named.values().stream()
        .anyMatch(
            each ->
                names(
                    Target.of(each.entry(), each.resource().path("subject"), PATIENT),
                    each.entry(),
                    patient,
                    identifiers));
  }

  /** Whether a resource of another bundle names somebody else than this bundle's subjects do. */
  boolean nameAnother(Entry entry) {
    List<Located> its = new ArrayList<>();
    locate(entry, its);
    for (Located each : its) {
      Object key = key(each);
      if (first != null && key != null && !key.equals(first)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(Target target, Entry from, Entry patient, Set<String> identifiers) {
    return switch (target) {
      case Target.Url(String written, String resolved) ->
          resolved.equals(patient.fullUrl()) || isRelative(written, from, patient);
      case Target.Contained(JsonNode resource) ->
          Nodes.isResource(resource, PATIENT) && isIdentified(resource, identifiers);
      case Target.Container() -> from.equals(patient);
      case Target.ByIdentifier(String identifier) -> identifiers.contains(identifier);
      case Target.Nothing() -> false;
    };
  }

  /** The patient whom a subject names, in a form that is equal for equal patients. */
  private @Nullable Object key(Located located) {
    JsonNode subject = located.resource().get("subject");
    if (subject == null) {
      return null;
    }
    return switch (Target.of(located.entry(), subject, PATIENT)) {
      case Target.Url(String written, String resolved) ->
          fullUrls.contains(resolved) || !mayBePatient(written) ? null : resolved;
      case Target.Contained(JsonNode resource) ->
          Nodes.isResource(resource, PATIENT) ? person(resource) : null;
      case Target.ByIdentifier(String identifier) -> identifier;
      case Target.Container() -> null;
      case Target.Nothing() -> null;
    };
  }

  /** Equal contained Patient resources are one person; a tree is compared once, not each time. */
  private Person person(JsonNode patient) {
    return people.computeIfAbsent(
        patient, p -> distinctPeople.computeIfAbsent(p, q -> new Person()));
  }

  /** Known by its identity alone. */
  private static final class Person {}

  /** A URL of another resource type's is nobody's; one that shows no type may be a patient's. */
  private static boolean mayBePatient(String url) {
    String type = Target.type(url);
    return type == null || type.equals(PATIENT);
  }

  /** Whether it is {@code Patient/id} of this patient, and not seen from another server. */
  private static boolean isRelative(String written, Entry from, Entry patient) {
    String id = Nodes.text(patient.resource(), "id");
    return id != null
        && written.length() == PATIENT.length() + 1 + id.length()
        && written.startsWith("Patient/")
        && written.endsWith(id)
        && Target.mayShareServer(from.fullUrl(), patient.fullUrl());
  }

  /** The identifiers of a Patient resource as {@code system|value}. */
  static Set<String> identifiers(JsonNode patient) {
    Set<String> identifiers = new HashSet<>();
    for (JsonNode each : Nodes.elements(patient, "identifier")) {
      String identifier = Target.identifier(each);
      if (identifier != null) {
        identifiers.add(identifier);
      }
    }
    return identifiers;
  }

  /** Whether a Patient resource has one of these identifiers. */
  static boolean isIdentified(JsonNode patient, Set<String> identifiers) {
    return !Collections.disjoint(identifiers(patient), identifiers);
  }

  private static Finding tooMany(String place, String message) {
    return new Finding(Finding.Severity.ERROR, "multiple-matches", place, message);
  }
}
