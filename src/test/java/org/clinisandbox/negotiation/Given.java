package org.clinisandbox.negotiation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.fhir.PatientFact;
import org.clinisandbox.fhir.StatementFact;
import org.clinisandbox.fhir.StatementFact.Kind;
import org.clinisandbox.fhir.StatementFact.Standing;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.ManifestReader;
import org.clinisandbox.registry.ManifestReading;
import org.clinisandbox.registry.Mistake;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/** Manifests and bundles for tests. */
final class Given {
  static final List<Locale.LanguageRange> ENGLISH = Locale.LanguageRange.parse("en");
  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final PatientFact ADULT = born("1959-03-01");
  static final String SNOMED = "http://snomed.info/sct";

  private Given() {}

  static Manifest manifest(String body) {
    String yaml = "key: m\nversion: \"1.2.0\"\nname: Model M\nimage: mock/m\n" + body;
    return switch (ManifestReader.read(ManifestReader.fromYaml(yaml.getBytes(UTF_8)))) {
      case ManifestReading.Read(Manifest manifest) -> manifest;
      case ManifestReading.Refused(List<Mistake> mistakes) ->
          throw new AssertionError(mistakes.toString());
    };
  }

  /** A manifest with one observation, named x, with these further fields. */
  static Manifest needing(String code, String fields) {
    return manifest(
        "required_observations: [ { name: x, display: X, code: \""
            + code
            + "\""
            + (fields.isEmpty() ? "" : ", " + fields)
            + " } ]");
  }

  static PatientFact born(String date) {
    LocalDate day = LocalDate.parse(date);
    return new PatientFact("Patient/p", "female", new PatientFact.BirthDate(day, day), null);
  }

  static Facts facts(ObservationFact... observations) {
    return facts(ADULT, List.of(observations));
  }

  static Facts facts(@Nullable PatientFact patient, List<ObservationFact> observations) {
    return new Facts(patient, observations, List.of(), JsonNodeFactory.instance.objectNode());
  }

  /** A statement of ten days ago about the patient. */
  static StatementFact statement(Kind kind, String id, Coding code, Standing standing) {
    return new StatementFact(
        kind,
        (kind == Kind.CONDITION ? "Condition/" : "MedicationStatement/") + id,
        List.of(code),
        standing,
        NOW.minus(Duration.ofDays(10)),
        Subject.PATIENT);
  }

  static Facts stated(List<StatementFact> statements, Obs... observations) {
    return new Facts(
        ADULT,
        Arrays.stream(observations).map(Obs::fact).toList(),
        statements,
        JsonNodeFactory.instance.objectNode());
  }

  static Value.Quantity quantity(String number, @Nullable String code) {
    return new Value.Quantity(
        new BigDecimal(number), null, code, code == null ? null : Coding.UCUM, code);
  }

  /** A final observation of an hour ago. */
  static Obs obs(String id, String loinc, Value value) {
    return new Obs(
        new ObservationFact(
            "Observation/" + id,
            "final",
            List.of(new Coding(Coding.LOINC, loinc, null)),
            value,
            NOW.minus(Duration.ofHours(1)),
            null,
            Subject.PATIENT));
  }

  static Obs obs(String id, String loinc, String number, @Nullable String unit) {
    return obs(id, loinc, quantity(number, unit));
  }

  /** An observation, and how to change it. */
  record Obs(ObservationFact fact) {
    Obs ago(Duration age) {
      return at(NOW.minus(age));
    }

    Obs at(@Nullable Instant effective) {
      return new Obs(
          new ObservationFact(
              fact.source(),
              fact.status(),
              fact.codes(),
              fact.value(),
              effective,
              fact.issued(),
              fact.subject()));
    }

    Obs issued(@Nullable Instant issued) {
      return new Obs(
          new ObservationFact(
              fact.source(),
              fact.status(),
              fact.codes(),
              fact.value(),
              fact.effective(),
              issued,
              fact.subject()));
    }

    Obs status(String status) {
      return new Obs(
          new ObservationFact(
              fact.source(),
              status,
              fact.codes(),
              fact.value(),
              fact.effective(),
              fact.issued(),
              fact.subject()));
    }

    Obs of(Subject subject) {
      return new Obs(
          new ObservationFact(
              fact.source(),
              fact.status(),
              fact.codes(),
              fact.value(),
              fact.effective(),
              fact.issued(),
              subject));
    }

    Obs coded(Coding... codes) {
      return new Obs(
          new ObservationFact(
              fact.source(),
              fact.status(),
              List.of(codes),
              fact.value(),
              fact.effective(),
              fact.issued(),
              fact.subject()));
    }
  }

  static Verdict negotiate(Manifest manifest, Obs... observations) {
    return negotiate(manifest, facts(ADULT, Arrays.stream(observations).map(Obs::fact).toList()));
  }

  static Verdict negotiate(Manifest manifest, Facts facts) {
    return new Negotiator(manifest).negotiate(facts, NOW);
  }

  static List<Gap> gaps(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ready ready -> ready.optionalGaps();
      case Verdict.DataRequired data -> data.gaps();
      case Verdict.NotApplicable not -> not.gaps();
    };
  }

  static Gap onlyGap(Verdict verdict) {
    List<Gap> gaps = gaps(verdict);
    if (gaps.size() != 1) {
      throw new AssertionError("not one gap: " + verdict);
    }
    return gaps.getFirst();
  }

  static List<Input> inputs(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Ready ready -> ready.inputs();
      case Verdict.DataRequired data -> data.satisfied();
      case Verdict.NotApplicable not -> List.of();
    };
  }

  static Input onlyInput(Verdict verdict) {
    if (verdict instanceof Verdict.Ready ready && ready.inputs().size() == 1) {
      return ready.inputs().getFirst();
    }
    throw new AssertionError("not ready with one input: " + verdict);
  }
}
