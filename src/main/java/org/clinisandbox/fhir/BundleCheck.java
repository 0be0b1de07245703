package org.clinisandbox.fhir;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Is it a valid FHIR R4 Bundle about one patient? HAPI's validator decides, with the definitions
 * that it ships and no network; what it only warns of, as unknown code systems and profiles,
 * passes. Two rules are ours: local references must lead somewhere, and the bundle is about one
 * patient. Safe for many threads; the first use in a process loads the definitions, see {@link
 * #warmUp}.
 */
public final class BundleCheck {
  private static final String WARM_UP =
      """
      {"resourceType":"Bundle","type":"collection","entry":[
      {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":
      {"resourceType":"Patient","gender":"unknown","birthDate":"2000"}},
      {"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000002","resource":
      {"resourceType":"Observation","status":"final",
      "code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
      "subject":{"reference":"urn:uuid:00000000-0000-4000-8000-000000000001"},
      "effectiveDateTime":"2000-01-01T00:00:00Z",
      "valueQuantity":{"value":60,"unit":"/min",
      "system":"http://unitsofmeasure.org","code":"/min"}}}]}
      """;

  /** What HAPI says of a dangling reference, better said by our own finding. */
  private static final Set<String> ABOUT_DANGLING =
      Set.of(
          "Reference_REF_CantResolve", "http://hl7.org/fhir/StructureDefinition/Reference#ref-1");

  private static final String WRAPPED = "Bundle.entry[0].resource";

  private final int maxFindings;

  /**
   * @param maxFindings how many findings a rejection lists at most, at least 1
   */
  public BundleCheck(int maxFindings) {
    if (maxFindings < 1) {
      throw new IllegalArgumentException("maxFindings must be at least 1");
    }
    this.maxFindings = maxFindings;
  }

  /**
   * Loads the definitions (some seconds, 200 MB) and validates a small bundle, so that the first
   * request is quick.
   *
   * @throws IllegalStateException when the validator does not work
   */
  public void warmUp() {
    Objects.requireNonNull(Engine.WORDING);
    JsonNode bundle = Json.MAPPER.readTree(WARM_UP.getBytes(StandardCharsets.UTF_8));
    if (!(check(bundle) instanceof Checked.Valid)) {
      throw new IllegalStateException("The FHIR validator does not accept its own sample bundle");
    }
  }

  /** Checks a bundle of any shape; never throws for what is in it. */
  public Checked check(JsonNode bundle) {
    return guarded(
        bundle,
        () -> {
          Subjects subjects = new Subjects(bundle);
          List<Candidate> wrong =
              wrong(bundle, subjects.otherPatients(), LocalReferences.of(bundle));
          return wrong.isEmpty()
              ? new Checked.Valid(FactsReader.read(subjects, bundle))
              : new Checked.Invalid(findings(wrong));
        });
  }

  /**
   * Checks a bundle of only the new resources, of any shape; never throws for what is in it. It may
   * refer to the bundle's fullUrls, unless it is a document or message, which must be whole.
   * Another patient's data in it is no finding but not the patient's, see {@link Additions}; two
   * patients are one where the bundle does not tell its own.
   *
   * @param bundle a valid bundle
   * @return the facts of the merged bundle, or findings with their places in the addition
   */
  public Checked checkAddition(JsonNode bundle, JsonNode addition) {
    return guarded(
        addition,
        () -> {
          List<Finding> patients =
              new Subjects(bundle).tellPatient()
                  ? List.of()
                  : new Subjects(addition).otherPatients();
          List<Candidate> wrong = wrong(addition, patients, LocalReferences.of(addition, bundle));
          return wrong.isEmpty()
              ? new Checked.Valid(facts(Additions.merge(bundle, addition)))
              : new Checked.Invalid(findings(wrong));
        });
  }

  /**
   * Checks one resource as an addition to a bundle.
   *
   * @param bundle a valid bundle
   * @return the facts of the merged bundle, or findings whose places begin with the resource's type
   */
  public Checked checkResource(JsonNode bundle, JsonNode resource) {
    String type = Nodes.text(resource, "resourceType");
    if (type == null || !Engine.DEFINITIONS.isName(type)) {
      return invalid(
          Finding.Severity.FATAL,
          "structure",
          "Resource",
          "This is not an R4 resource; send one with its resourceType.");
    }
    return switch (checkAddition(bundle, Additions.wrap(resource))) {
      case Checked.Valid valid -> valid;
      case Checked.Invalid(Findings findings) ->
          new Checked.Invalid(
              new Findings(
                  findings.list().stream().map(finding -> within(finding, type)).toList(),
                  findings.truncated()));
    };
  }

  private static Finding within(Finding finding, String type) {
    String place = finding.expression();
    String inside = place.startsWith(WRAPPED) ? place.substring(WRAPPED.length()) : "";
    return new Finding(finding.severity(), finding.code(), type + inside, finding.message());
  }

  /**
   * Whose a resource is that came with a bundle: its {@code subject} against the bundle's patient.
   * Where the bundle tells of no patient it is taken to be theirs.
   */
  public static ObservationFact.Subject subjectOf(JsonNode bundle, JsonNode resource) {
    Subjects subjects = new Subjects(bundle);
    Entry entry = Entry.of(Additions.wrap(resource)).getFirst();
    return subjects.tellPatient()
        ? subjects.of(new Located(entry, -1, Located.Kind.OBSERVATION, resource))
        : ObservationFact.Subject.UNSTATED;
  }

  /** The facts of a bundle that is known to be valid. */
  public static Facts facts(JsonNode validBundle) {
    return FactsReader.read(new Subjects(validBundle), validBundle);
  }

  private static Checked guarded(JsonNode bundle, Supplier<Checked> check) {
    if (!Nodes.isResource(bundle, "Bundle")) {
      return invalid(
          Finding.Severity.FATAL,
          "structure",
          "Bundle",
          "This is not a Bundle; send an R4 resource with resourceType Bundle.");
    }
    try {
      return check.get();
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      // Without cause or log: what the validator throws quotes the bundle.
      return invalid(
          Finding.Severity.FATAL,
          "exception",
          "Bundle",
          "The validator could not finish with this bundle; send it in smaller parts.");
    }
  }

  private static List<Candidate> wrong(
      JsonNode bundle, List<Finding> patients, LocalReferences references) {
    List<Candidate> candidates = new ArrayList<>();
    patients.forEach(f -> candidates.add(new Candidate(-1, () -> f)));
    Set<String> dangling = new HashSet<>();
    for (LocalReferences.Dangling reference : references.dangling()) {
      dangling.add(reference.holder());
      candidates.add(new Candidate(reference.entry(), reference::finding));
    }
    HapiFindings hapi = new HapiFindings(Engine.DEFINITIONS, Engine.WORDING, bundle);
    for (HapiFindings.Raw raw : hapi.run()) {
      if (!ABOUT_DANGLING.contains(Objects.requireNonNullElse(raw.message().getMessageId(), ""))
          || !dangling.contains(raw.place().expression())) {
        candidates.add(new Candidate(raw.place().entry(), () -> hapi.finding(raw)));
      }
    }
    return candidates;
  }

  /** The first ones in the bundle's order, each once; only those are worded. */
  private Findings findings(List<Candidate> candidates) {
    candidates.sort(Comparator.comparingInt(Candidate::entry));
    Set<Finding> first = new LinkedHashSet<>();
    for (Candidate candidate : candidates) {
      Finding finding = candidate.finding().get();
      if (first.size() == maxFindings && !first.contains(finding)) {
        return new Findings(List.copyOf(first), true);
      }
      first.add(finding);
    }
    return new Findings(List.copyOf(first), false);
  }

  private static Checked invalid(
      Finding.Severity severity, String code, String place, String message) {
    Finding finding = new Finding(severity, code, place, message);
    return new Checked.Invalid(new Findings(List.of(finding), false));
  }

  /** A finding to be, and the entry that it is about; -1 for the whole bundle. */
  private record Candidate(int entry, Supplier<Finding> finding) {}

  /** Loaded at the first use in the process. */
  private static final class Engine {
    static final Definitions DEFINITIONS = new Definitions();
    static final Wording WORDING = new Wording(DEFINITIONS);
  }
}
