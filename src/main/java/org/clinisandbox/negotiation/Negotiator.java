package org.clinisandbox.negotiation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Decides whether a model can use a bundle, and what is missing if it can't. Made once for a
 * manifest; pure, and safe for many threads.
 *
 * <p>An optional requirement without a value is left out, or its default is assumed, and the input
 * says so. That holds only where the record is silent or outdated. A current value that exists but
 * can't be used (in conflict, in the future, a bound, of the wrong kind, in an unreadable unit,
 * implausible, or not yet final) makes the requirement mandatory: taking "no oxygen" for a patient
 * whose oxygen flow was recorded in an unreadable unit would make the sick look well, and leaving
 * the value out lets the model assume the same on its own.
 */
public final class Negotiator {
  static final Comparator<Gap> CHEAPEST_FIRST =
      Comparator.comparing(gap -> gap.requirement().answeredBy());
  private static final Facts NOTHING =
      new Facts(null, List.of(), List.of(), JsonNodeFactory.instance.objectNode());

  private final Manifest manifest;
  private final Set<String> codes = new HashSet<>();
  private final List<Prepared> inputs = new ArrayList<>();
  private final List<RuleCheck> rules = new ArrayList<>();

  /** A requirement with what is known of it before any bundle comes. */
  private record Prepared(Requirement requirement, Check check) {}

  /** How a requirement is looked up. */
  private sealed interface Check {
    record Patient(OfPatient.Item item) implements Check {}

    record Observation(List<Coding> codes, ObservationCheck check) implements Check {}

    record Statement(OfStatement statement, StatementCheck check) implements Check {}

    record Group(List<Prepared> options) implements Check {}
  }

  public Negotiator(Manifest manifest) {
    this.manifest = manifest;
    for (Requirement requirement : manifest.requirements()) {
      switch (requirement) {
        case OfPatient patient ->
            inputs.add(new Prepared(patient, new Check.Patient(patient.item())));
        case OfObservation observation -> inputs.add(prepare(observation));
        case OfStatement statement ->
            inputs.add(
                new Prepared(
                    statement, new Check.Statement(statement, new StatementCheck(statement))));
        case OfGroup group ->
            inputs.add(
                new Prepared(
                    group, new Check.Group(group.options().stream().map(this::prepare).toList())));
        case OfRule rule -> rules.add(new RuleCheck(rule));
      }
    }
    for (Requirement input : manifest.inputs()) {
      Codes.of(input).forEach(coding -> codes.add(String.valueOf(coding.code())));
    }
  }

  private Prepared prepare(OfObservation observation) {
    return new Prepared(
        observation,
        new Check.Observation(Codes.of(observation), new ObservationCheck(observation)));
  }

  public Manifest manifest() {
    return manifest;
  }

  /**
   * The names of all that a model may be answered: its inputs and groups, and the patient's facts.
   */
  Set<String> names() {
    Set<String> names = new HashSet<>();
    manifest.requirements().forEach(requirement -> names.add(requirement.name()));
    manifest.inputs().forEach(input -> names.add(input.name()));
    for (OfPatient.Item item : OfPatient.Item.values()) {
      names.add(item.label());
    }
    return names;
  }

  /** Everything that the model could ever ask for, as the gaps of an empty record; no rules. */
  public List<Gap> everything() {
    return negotiate(NOTHING, Instant.EPOCH).gaps().stream()
        .filter(gap -> !(gap.requirement() instanceof OfRule))
        .toList();
  }

  /** Decides on a record to which nothing was answered yet. */
  public Verdict negotiate(Facts facts, Instant now) {
    return negotiate(facts, Map.of(), now);
  }

  /**
   * Decides.
   *
   * @param replies what earlier questions came to, by the name of the requirement
   * @param now the time of evaluation; ages are completed years on its day in UTC
   */
  public Verdict negotiate(Facts facts, Map<String, Unanswered> replies, Instant now) {
    return new Round(facts, new Evidence.ByCode(facts, codes), replies, now).verdict();
  }

  /** Decides on facts that were sorted already, by these codes and perhaps by others too. */
  Verdict negotiate(Facts facts, Evidence.ByCode sorted, Instant now) {
    return new Round(facts, sorted, Map.of(), now).verdict();
  }

  /** Whether no rule can be judged while these gaps are open. */
  boolean rulesWait(List<Gap> gaps) {
    return rules.stream().allMatch(rule -> rule.waits(gaps));
  }

  /** The codes of all that the model can be given, of whatever system. */
  Set<String> codes() {
    return codes;
  }

  /** One decision. */
  private final class Round {
    private final Facts facts;
    private final Map<String, Unanswered> replies;
    private final Instant now;
    private final PatientCheck patient;
    private final Evidence.ByCode evidence;

    private final List<Input> found = new ArrayList<>();
    private final List<Input> given = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private int required;

    Round(Facts facts, Evidence.ByCode evidence, Map<String, Unanswered> replies, Instant now) {
      this.facts = facts;
      this.replies = replies;
      this.now = now;
      this.patient =
          new PatientCheck(
              facts.patient(), manifest.population(), now.atZone(ZoneOffset.UTC).toLocalDate());
      this.evidence = evidence;
    }

    Verdict verdict() {
      List<Gap> outside = patient.outOfPopulation();
      if (!outside.isEmpty()) {
        return new Verdict.NotApplicable(outside);
      }
      List<OfPatient.Item> undecided = patient.undecided();
      for (OfPatient.Item item : undecided) {
        if (inputs.stream().noneMatch(input -> input.requirement().name().equals(item.label()))) {
          check(new Prepared(new OfPatient(item, true, null), new Check.Patient(item)), true);
        }
      }
      for (Prepared input : inputs) {
        check(input, input.check() instanceof Check.Patient(var item) && undecided.contains(item));
      }
      for (RuleCheck rule : rules) {
        Gap broken = rule.check(facts.bundle(), given, gaps, now);
        if (broken != null) {
          gaps.add(broken);
        }
      }
      gaps.sort(CHEAPEST_FIRST);
      return gaps.stream().anyMatch(Gap::mandatory)
          ? new Verdict.DataRequired(gaps, found, required)
          : new Verdict.Ready(given, gaps);
    }

    private void check(Prepared input, boolean decisive) {
      Requirement requirement = input.requirement();
      switch (find(input)) {
        case Finding.Met(Input met) -> {
          required += requirement.mandatory() ? 1 : 0;
          found.add(met);
          given.add(met);
        }
        case Finding.Unmet unmet -> {
          boolean mandatory = requirement.mandatory() || unmet.unread() || decisive;
          Gap gap = gap(requirement, unmet, mandatory);
          required += gap.mandatory() ? 1 : 0;
          gaps.add(gap);
          Input assumed = Assumptions.of(requirement);
          if (assumed != null) {
            given.add(assumed);
          }
        }
      }
    }

    private Finding find(Prepared input) {
      return switch (input.check()) {
        case Check.Patient(var item) -> patient.find(item);
        case Check.Observation(List<Coding> codes, ObservationCheck check) ->
            check.find(evidence.of(codes, null), now);
        case Check.Statement(OfStatement statement, StatementCheck check) ->
            check.find(evidence.of(statement.codes(), statement.kind()), now);
        case Check.Group(List<Prepared> options) -> oneOf(options);
      };
    }

    /** The first option that is met, or how all of them fail. */
    private Finding oneOf(List<Prepared> options) {
      List<Gap> open = new ArrayList<>();
      boolean unread = false;
      for (Prepared option : options) {
        switch (find(option)) {
          case Finding.Met met -> {
            return met;
          }
          case Finding.Unmet unmet -> {
            unread |= unmet.unread();
            // Another option would do as well.
            open.add(gap(option.requirement(), unmet, false));
          }
        }
      }
      return new Finding.Unmet(
          open.stream()
              .map(Gap::reason)
              .filter(reason -> reason != Reason.MISSING)
              .findFirst()
              .orElse(Reason.MISSING),
          Details.noneOf(open),
          open.stream().anyMatch(Gap::unknownCode),
          unread,
          open.stream().anyMatch(Gap::askable),
          open);
    }

    private Gap gap(Requirement requirement, Finding.Unmet unmet, boolean mandatory) {
      Unanswered reply = replies.get(requirement.name());
      Reason reason =
          switch (reply) {
            case null -> unmet.reason();
            case NOT_KNOWN, DECLINED -> Reason.DATA_ABSENT;
            case WRONG_SUBJECT -> Reason.WRONG_SUBJECT;
            case TOO_OFTEN -> unmet.reason();
          };
      return new Gap(
          requirement,
          reason,
          reply == null ? unmet.detail() : Details.answered(reply, unmet.detail()),
          mandatory,
          unmet.unknownCode(),
          unmet.askable() && (reply == null || reply == Unanswered.WRONG_SUBJECT),
          unmet.options());
    }
  }
}
