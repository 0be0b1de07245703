package org.clinisandbox.fhir;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.clinisandbox.fhir.validation.Issue;
import org.clinisandbox.fhir.validation.Validator;
import tools.jackson.databind.JsonNode;

/**
 * Is it a valid FHIR R4 Bundle about one patient? HL7's definitions decide, compiled into this
 * program; nothing is asked of anybody else. Two rules are ours: local references must lead
 * somewhere, and the bundle is about one patient. Safe for many threads; the first one in a process
 * reads the definitions.
 */
public final class BundleCheck {
  private static final String WRAPPED = "Bundle.entry[0].resource";

  private final int maxFindings;
  private final Validator validator;

  /**
   * @param maxFindings how many findings a rejection lists at most, at least 1
   */
  public BundleCheck(int maxFindings) {
    if (maxFindings < 1) {
      throw new IllegalArgumentException("maxFindings must be at least 1");
    }
    this.maxFindings = maxFindings;
    // One more tells whether the list is cut.
    this.validator = new Validator(maxFindings + 1);
  }

  /** Checks a bundle of any shape; never throws for what is in it. */
  public Checked check(JsonNode bundle) {
    return guarded(
        bundle,
        () -> {
          Subjects subjects = new Subjects(bundle);
          FactsReader facts = new FactsReader(subjects, bundle);
          List<Finding> wrong =
              wrong(subjects.otherPatients(), validator.validate(bundle, facts::entry));
          return wrong.isEmpty()
              ? new Checked.Valid(facts.facts())
              : new Checked.Invalid(findings(wrong));
        });
  }

  /**
   * Checks a bundle of only the new resources, of any shape; never throws for what is in it. It may
   * refer to the bundle's fullUrls. Another patient's data in it is no finding but not the
   * patient's, see {@link Additions}; two patients are one where the bundle does not tell its own.
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
          List<Finding> wrong = wrong(patients, validator.validate(addition, _ -> {}, bundle));
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
    if (type == null || !validator.isResource(type)) {
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
    return new FactsReader(new Subjects(validBundle), validBundle).facts();
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

  /** All findings in the bundle's order, what is about the whole bundle first. */
  private static List<Finding> wrong(List<Finding> patients, List<Issue> issues) {
    List<Finding> findings = new ArrayList<>(patients);
    issues.stream()
        .sorted(Comparator.comparingInt(Issue::entry))
        .map(
            issue ->
                new Finding(
                    Finding.Severity.ERROR, issue.code(), issue.expression(), issue.message()))
        .forEach(findings::add);
    return findings;
  }

  private Findings findings(List<Finding> all) {
    List<Finding> distinct = all.stream().distinct().limit(maxFindings + 1L).toList();
    return distinct.size() > maxFindings
        ? new Findings(distinct.subList(0, maxFindings), true)
        : new Findings(distinct, false);
  }

  private static Checked invalid(
      Finding.Severity severity, String code, String place, String message) {
    Finding finding = new Finding(severity, code, place, message);
    return new Checked.Invalid(new Findings(List.of(finding), false));
  }
}
