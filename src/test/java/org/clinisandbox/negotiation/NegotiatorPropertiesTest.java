package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.ObservationFact;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.fhir.PatientFact;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds for every bundle; each seed is one. */
class NegotiatorPropertiesTest {
  private static final int TRIES = 2000;

  private static final Manifest MODEL =
      Given.manifest(
          """
          population: { age: { low: 16 } }
          required_patient: [age, sex]
          required_observations:
            - { name: temperature, code: "8310-5", accepts: ["8331-1"], unit: Cel, range: { low: 25, high: 45 },
                max_age: PT24H, tolerance: 0.2, answered_by: nurse }
            - { name: creatinine, code: "2160-0", unit: mg/dL, max_age: P7D, answered_by: lab }
            - { name: oxygen, code: "3151-8", unit: "L/min", mandatory: false, default: 0, range: { low: 0, high: 80 } }
            - { name: consciousness, code: "67775-7", statuses: [preliminary], mandatory: false,
                coded: { allowed: [ { system: "http://loinc.org", code: LA9340-6, value: alert },
                                    { system: "http://loinc.org", code: LA17108-4, value: voice } ] } }
            - { name: anything, code: "9269-2", mandatory: false }
          """);

  private static final List<String> CODES =
      List.of("8310-5", "8331-1", "2160-0", "3151-8", "67775-7", "9269-2");
  private static final List<String> UNITS =
      List.of("Cel", "[degF]", "°F", "mg/dL", "umol/L", "L/min", "mL/min", "kg", "nonsense", "1");
  private static final List<String> NUMBERS =
      List.of("37", "37.1", "37.3", "98.6", "1.1", "97", "0", "-5", "1e999999", "0e-999999", "400");
  private static final List<String> STATUSES =
      List.of("final", "final", "final", "amended", "preliminary", "entered-in-error", "odd");

  /** Each seed makes one bundle; a failure names the seed that shows it. */
  private static void forSeeds(int tries, LongConsumer property) {
    for (long seed = 0; seed < tries; seed++) {
      try {
        property.accept(seed);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static <T> T pick(Random random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static List<ObservationFact> observations(Random random) {
    return IntStream.range(0, random.nextInt(14))
        .mapToObj(
            i ->
                new ObservationFact(
                    "Observation/" + i,
                    pick(random, STATUSES),
                    List.of(
                        new Coding(
                            random.nextInt(8) == 0 ? null : Coding.LOINC,
                            pick(random, CODES),
                            null),
                        new Coding(Coding.LOINC, pick(random, CODES), null)),
                    value(random),
                    time(random),
                    time(random),
                    random.nextInt(8) == 0 ? Subject.OTHER : Subject.PATIENT))
        .toList();
  }

  private static Value value(Random random) {
    return switch (random.nextInt(12)) {
      case 0 -> new Value.Absent(null);
      case 1 -> new Value.Text(random.nextBoolean() ? "Alert" : "none");
      case 2 ->
          new Value.Coded(
              List.of(new Coding(Coding.LOINC, pick(random, List.of("LA9340-6", "LA1-1")), null)),
              pick(random, List.of("voice", "")));
      case 3 -> new Value.Truth(random.nextBoolean());
      case 4 -> new Value.Other("Ratio");
      default ->
          new Value.Quantity(
              new BigDecimal(pick(random, NUMBERS)),
              random.nextInt(12) == 0 ? "<" : null,
              random.nextInt(3) == 0 ? pick(random, UNITS) : null,
              random.nextInt(8) == 0 ? "urn:local" : Coding.UCUM,
              random.nextInt(8) == 0 ? null : pick(random, UNITS));
    };
  }

  /** Few different times, so that many meet. */
  private static @Nullable Instant time(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> NOW.plus(Duration.ofMinutes(random.nextInt(10)));
      case 2 -> NOW.minus(Duration.ofDays(random.nextInt(10)));
      default -> NOW.minus(Duration.ofHours(random.nextInt(4))).minusMillis(random.nextInt(2));
    };
  }

  private static Facts facts(Random random) {
    PatientFact patient = random.nextInt(6) == 0 ? null : Given.ADULT;
    return Given.facts(patient, observations(random));
  }

  private static Verdict negotiate(Facts facts) {
    return new Negotiator(MODEL).negotiate(facts, NOW);
  }

  @Test
  void the_order_of_observations_never_matters() {
    forSeeds(
        TRIES,
        seed -> {
          Random random = new Random(seed);
          Facts facts = facts(random);
          List<ObservationFact> shuffled = new ArrayList<>(facts.observations());
          Collections.shuffle(shuffled, random);
          assertThat(negotiate(Given.facts(facts.patient(), shuffled))).isEqualTo(negotiate(facts));
        });
  }

  @Test
  void an_unrelated_observation_changes_nothing() {
    forSeeds(
        TRIES,
        seed -> {
          Random random = new Random(seed);
          Facts facts = facts(random);
          List<ObservationFact> more = new ArrayList<>(facts.observations());
          more.add(
              random.nextInt(more.size() + 1),
              new ObservationFact(
                  "Observation/more",
                  "final",
                  List.of(new Coding(Coding.LOINC, "718-7", null)),
                  value(random),
                  time(random),
                  null,
                  Subject.PATIENT));
          assertThat(negotiate(Given.facts(facts.patient(), more))).isEqualTo(negotiate(facts));
        });
  }

  @Test
  void all_forms_name_the_same_gaps() {
    forSeeds(
        300,
        seed -> {
          FormsAgree.check(negotiate(facts(new Random(seed))), MODEL);
        });
  }

  @Test
  void inputs_are_in_range_and_in_time() {
    forSeeds(
        TRIES,
        seed -> {
          for (Input input : Given.inputs(negotiate(facts(new Random(seed))))) {
            if (requirement(input.name()) instanceof OfObservation observation) {
              assertThat(input.unit())
                  .isEqualTo(observation.unit() == null ? input.unit() : observation.unit());
              if (input.value() instanceof Input.Value.Numeric(BigDecimal number)
                  && observation.range() != null) {
                assertThat(observation.range().contains(number)).isTrue();
              }
              if (input.expires() != null) {
                assertThat(input.expires()).isAfterOrEqualTo(NOW);
              }
              if (input.effective() != null) {
                assertThat(input.effective()).isBeforeOrEqualTo(NOW.plus(Duration.ofMinutes(5)));
              }
            }
          }
        });
  }

  @Test
  void each_requirement_is_met_assumed_left_out_or_one_gap() {
    forSeeds(
        TRIES,
        seed -> {
          Verdict verdict = negotiate(facts(new Random(seed)));
          List<String> gaps = Given.gaps(verdict).stream().map(Gap::name).toList();
          List<String> found =
              Given.inputs(verdict).stream()
                  .filter(input -> !input.source().equals(Input.ASSUMED))
                  .map(Input::name)
                  .toList();
          List<String> all = new ArrayList<>(gaps);
          all.addAll(found);
          assertThat(all)
              .containsExactlyInAnyOrderElementsOf(
                  MODEL.requirements().stream().map(Requirement::name).toList());
        });
  }

  private static Requirement requirement(String name) {
    return MODEL.requirements().stream()
        .filter(requirement -> requirement.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
