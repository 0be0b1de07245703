package org.clinisandbox.fhir;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whose an observation is. With a Patient resource in the bundle: does the subject resolve to it?
 * Without one: the patient whom the observations name in common stands for it.
 */
final class Subjects {
  private static final String PATIENT = "Patient";
  private static final String CONDITIONAL = "Patient?identifier=";
  private static final Pattern TYPE_AND_ID =
      Pattern.compile("(^|/)([A-Z][A-Za-z]{1,63})/[A-Za-z0-9.-]{1,64}$");

  /** One resource of the bundle: at {@code Bundle.entry[index].resource}. */
  record Entry(int index, @Nullable String fullUrl, JsonNode resource) {
    String place() {
      return "Bundle.entry[" + index + "].resource";
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final List<Entry> patients = new ArrayList<>();
  private final Map<String, String> typeByFullUrl = new HashMap<>();
  private final Set<String> patientIdentifiers = new HashSet<>();

  /** The patients whom observations name, each with the first observation that names them. */
  private final Map<Object, Entry> named = new HashMap<>();

  Subjects(JsonNode bundle) {
    int index = -1;
    for (JsonNode entry : Nodes.elements(bundle, "entry")) {
      index++;
      JsonNode resource = entry.get("resource");
      if (resource == null || !resource.isObject()) {
        continue;
      }
      Entry found = new Entry(index, Nodes.text(entry, "fullUrl"), resource);
      entries.add(found);
      String type = Nodes.text(resource, "resourceType");
      if (found.fullUrl() != null && type != null) {
        typeByFullUrl.put(found.fullUrl(), type);
      }
      if (PATIENT.equals(type)) {
        patients.add(found);
      }
    }
    if (patients.isEmpty()) {
      for (Entry observation : observations()) {
        Object patient = key(observation);
        if (patient != null) {
          named.putIfAbsent(patient, observation);
        }
      }
    } else {
      patientIdentifiers.addAll(identifiers(patients.getFirst().resource()));
    }
  }

  /** The bundle's Patient resource; null when there is none. */
  @Nullable Entry patient() {
    return patients.isEmpty() ? null : patients.getFirst();
  }

  List<Entry> observations() {
    return entries.stream().filter(e -> Nodes.isResource(e.resource(), "Observation")).toList();
  }

  /** A finding for each patient after the first. */
  List<Finding> otherPatients() {
    if (!patients.isEmpty()) {
      return patients.stream()
          .skip(1)
          .map(
              patient ->
                  tooMany(
                      patient.place(),
                      "The bundle has more than one Patient; send one bundle for each patient."))
          .toList();
    }
    return named.values().stream()
        .sorted((a, b) -> Integer.compare(a.index(), b.index()))
        .skip(1)
        .map(
            observation ->
                tooMany(
                    observation.place() + ".subject",
                    "The observations name more than one patient; send one bundle for each"
                        + " patient."))
        .toList();
  }

  Subject of(Entry observation) {
    JsonNode subject = observation.resource().get("subject");
    if (subject == null || !subject.isObject() || subject.isEmpty()) {
      return Subject.UNSTATED;
    }
    Entry patient = patient();
    boolean same =
        patient == null
            ? key(observation) != null
            : resolves(Target.of(observation, subject), observation, patient);
    return same ? Subject.PATIENT : Subject.OTHER;
  }

  /** The patient whom an observation names, in a form that is equal for equal patients. */
  private @Nullable Object key(Entry observation) {
    JsonNode subject = observation.resource().get("subject");
    if (subject == null) {
      return null;
    }
    String type = Nodes.text(subject, "type");
    if (type != null && !type.equals(PATIENT)) {
      return null;
    }
    return switch (Target.of(observation, subject)) {
      case Target.Url(String written, String resolved) ->
          typeByFullUrl.containsKey(resolved) || !mayBePatient(written) ? null : resolved;
      case Target.Contained(JsonNode resource) ->
          Nodes.isResource(resource, PATIENT) ? resource : null;
      case Target.ByIdentifier(String identifier) -> identifier;
      case Target.Nothing() -> null;
    };
  }

  /** A URL of another resource type's is nobody's; one that shows no type may be a patient's. */
  private static boolean mayBePatient(String url) {
    Matcher type = TYPE_AND_ID.matcher(url);
    return !type.find() || type.group(2).equals(PATIENT);
  }

  private boolean resolves(Target target, Entry from, Entry patient) {
    return switch (target) {
      case Target.Url(String written, String resolved) ->
          resolved.equals(patient.fullUrl()) || isRelative(written, from, patient);
      case Target.Contained(JsonNode resource) ->
          Nodes.isResource(resource, PATIENT)
              && identifiers(resource).stream().anyMatch(patientIdentifiers::contains);
      case Target.ByIdentifier(String identifier) -> patientIdentifiers.contains(identifier);
      case Target.Nothing() -> false;
    };
  }

  /** Whether it is {@code Patient/id} of this patient, and not seen from another server. */
  private static boolean isRelative(String written, Entry from, Entry patient) {
    String id = Nodes.text(patient.resource(), "id");
    String here = Target.base(from.fullUrl());
    String there = Target.base(patient.fullUrl());
    return written.equals("Patient/" + id) && (here == null || there == null || here.equals(there));
  }

  private static Set<String> identifiers(JsonNode patient) {
    return Nodes.elements(patient, "identifier").stream()
        .map(Target::identifier)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private static Finding tooMany(String place, String message) {
    return new Finding(Finding.Severity.ERROR, "multiple-matches", place, message);
  }

  /** What a subject points at. */
  private sealed interface Target {
    /** A URL without its version, as written and resolved against its entry's server. */
    record Url(String written, String resolved) implements Target {}

    record Contained(JsonNode resource) implements Target {}

    /** {@code system|value}. */
    record ByIdentifier(String identifier) implements Target {}

    /** Words only, or nothing that can be followed. */
    record Nothing() implements Target {}

    static Target of(Entry from, JsonNode subject) {
      String reference = Nodes.text(subject, "reference");
      if (reference == null) {
        JsonNode identifier = subject.get("identifier");
        return byIdentifier(identifier == null ? null : identifier(identifier));
      }
      if (reference.startsWith("#")) {
        String id = reference.substring(1);
        return Nodes.elements(from.resource(), "contained").stream()
            .filter(resource -> id.equals(Nodes.text(resource, "id")))
            .<Target>map(Contained::new)
            .findFirst()
            .orElseGet(Nothing::new);
      }
      if (reference.startsWith(CONDITIONAL)) {
        return byIdentifier(decoded(reference.substring(CONDITIONAL.length())));
      }
      int history = reference.indexOf("/_history/");
      String url = history < 0 ? reference : reference.substring(0, history);
      String base = base(from.fullUrl());
      return new Url(url, base == null || url.contains(":") ? url : base + url);
    }

    private static Target byIdentifier(@Nullable String identifier) {
      return identifier == null ? new Nothing() : new ByIdentifier(identifier);
    }

    static @Nullable String identifier(JsonNode identifier) {
      String value = Nodes.text(identifier, "value");
      String system = Nodes.text(identifier, "system");
      return value == null ? null : (system == null ? "" : system) + "|" + value;
    }

    /** The address of the server behind a RESTful fullUrl; null for any other. */
    static @Nullable String base(@Nullable String fullUrl) {
      if (fullUrl == null || !fullUrl.startsWith("http")) {
        return null;
      }
      Matcher type = TYPE_AND_ID.matcher(fullUrl);
      return type.find() ? fullUrl.substring(0, type.start(2)) : null;
    }

    private static @Nullable String decoded(String query) {
      try {
        return URLDecoder.decode(query, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }
}
