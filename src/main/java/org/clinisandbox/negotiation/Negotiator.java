package org.clinisandbox.negotiation;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;

/**
 * Decides whether a model can use a bundle, and what is missing if it can't.
 *
 * <p>An optional requirement without a value is left out, or its default is assumed, and the input
 * says so. That holds only where the record is silent or outdated. A current value that exists but
 * can't be used (in conflict, in the future, a bound, of the wrong kind, in an unreadable unit,
 * implausible, or not yet final) makes the requirement mandatory: taking "no oxygen" for a patient
 * whose oxygen flow was recorded in an unreadable unit would make the sick look well, and leaving
 * the value out lets the model assume the same on its own.
 */
public final class Negotiator {
  private static final Comparator<Gap> CHEAPEST_FIRST = Comparator.comparing(Gap::answeredBy);

  private final Manifest manifest;
  private final PatientCheck patient;
  private final ObservationCheck observations;

  private final List<Input> found = new ArrayList<>();
  private final List<Input> inputs = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private int required;

  private Negotiator(Facts facts, Manifest manifest, Instant now) {
    this.manifest = manifest;
    this.patient =
        new PatientCheck(
            facts.patient(), manifest.population(), now.atZone(ZoneOffset.UTC).toLocalDate());
    this.observations = new ObservationCheck(facts.observations(), now);
  }

  /**
   * Decides; a pure function.
   *
   * @param now the time of evaluation; ages are completed years on its day in UTC
   */
  public static Verdict negotiate(Facts facts, Manifest manifest, Instant now) {
    return new Negotiator(facts, manifest, now).verdict();
  }

  private Verdict verdict() {
    List<Gap> outside = patient.outOfPopulation();
    if (!outside.isEmpty()) {
      return new Verdict.NotApplicable(outside);
    }
    for (OfPatient.Item item : patient.undecided()) {
      if (!manifest.requirements().contains(new OfPatient(item))) {
        check(new OfPatient(item), patient.find(item));
      }
    }
    for (Requirement requirement : manifest.requirements()) {
      check(
          requirement,
          switch (requirement) {
            case OfPatient(OfPatient.Item item) -> patient.find(item);
            case OfObservation observation -> observations.find(observation);
          });
    }
    gaps.sort(CHEAPEST_FIRST);
    return gaps.stream().anyMatch(Gap::mandatory)
        ? new Verdict.DataRequired(gaps, found, required)
        : new Verdict.Ready(inputs, gaps);
  }

  private void check(Requirement requirement, Finding finding) {
    switch (finding) {
      case Finding.Met(Input input) -> {
        required += requirement.mandatory() ? 1 : 0;
        found.add(input);
        inputs.add(input);
      }
      case Finding.Unmet unmet -> {
        boolean mandatory = requirement.mandatory() || unmet.unread();
        required += mandatory ? 1 : 0;
        gaps.add(
            new Gap(
                requirement,
                unmet.reason(),
                unmet.detail(),
                mandatory,
                unmet.unknownCode(),
                Questions.ask(requirement)));
        if (requirement instanceof OfObservation observation) {
          assume(observation);
        }
      }
    }
  }

  private void assume(OfObservation requirement) {
    DefaultValue assumed = requirement.defaultValue();
    if (assumed == null) {
      return;
    }
    Input.Value value =
        switch (assumed) {
          case DefaultValue.Numeric(var number) -> new Input.Value.Numeric(number);
          case DefaultValue.Word(String word) -> new Input.Value.Word(word);
        };
    inputs.add(
        new Input(
            requirement.name(),
            value,
            requirement.unit(),
            requirement.code(),
            Input.ASSUMED,
            null,
            null,
            null));
  }
}
