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
    if (!Nodes.isResource(bundle, "Bundle")) {
      return invalid(
          Finding.Severity.FATAL,
          "structure",
          "This is not a Bundle; send an R4 resource with resourceType Bundle.");
    }
    try {
      return checkBundle(bundle);
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      // Without cause or log: what the validator throws quotes the bundle.
      return invalid(
          Finding.Severity.FATAL,
          "exception",
          "The validator could not finish with this bundle; send it in smaller parts.");
    }
  }

  private Checked checkBundle(JsonNode bundle) {
    Subjects subjects = new Subjects(bundle);
    List<Candidate> candidates = new ArrayList<>();
    subjects.otherPatients().forEach(f -> candidates.add(new Candidate(-1, () -> f)));
    Set<String> dangling = new HashSet<>();
    for (LocalReferences.Dangling reference : LocalReferences.dangling(bundle)) {
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
    return candidates.isEmpty()
        ? new Checked.Valid(FactsReader.read(subjects, bundle))
        : new Checked.Invalid(findings(candidates));
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

  private static Checked invalid(Finding.Severity severity, String code, String message) {
    Finding finding = new Finding(severity, code, "Bundle", message);
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
