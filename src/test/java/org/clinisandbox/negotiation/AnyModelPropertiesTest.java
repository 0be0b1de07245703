package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Checked;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.Json;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.clinisandbox.registry.Requirement.Series;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** What holds for every model and every bundle; each seed is one of both. */
class AnyModelPropertiesTest {
  private static final int TRIES = 3000;

  /** A model, a record, and what the one makes of the other. */
  private record Case(Manifest manifest, ObjectNode bundle, Facts facts, Verdict verdict) {
    static Case of(Random random) {
      Manifest manifest = RandomModels.manifest(random);
      ObjectNode bundle = RandomRecords.record(random);
      Facts facts = BundleCheck.facts(bundle);
      return new Case(manifest, bundle, facts, negotiate(manifest, facts));
    }

    static Verdict negotiate(Manifest manifest, Facts facts) {
      return new Negotiator(manifest).negotiate(facts, NOW);
    }
  }

  private interface Property {
    void check(Case each, Random random);
  }

  /** A failure names the seed that shows it. */
  private static void forAll(int tries, Property property) {
    for (long seed = 0; seed < tries; seed++) {
      Random random = new Random(seed);
      try {
        property.check(Case.of(random), random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  @Test
  void the_order_of_facts_never_matters() {
    forAll(
        TRIES,
        (each, random) -> {
          Facts facts = each.facts();
          Facts shuffled =
              new Facts(
                  facts.patient(),
                  shuffle(facts.observations(), random),
                  shuffle(facts.statements(), random),
                  facts.bundle());
          assertThat(Case.negotiate(each.manifest(), shuffled)).isEqualTo(each.verdict());
        });
  }

  private static <T> List<T> shuffle(List<T> list, Random random) {
    List<T> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  @Test
  void an_unrelated_resource_changes_nothing() {
    forAll(
        TRIES,
        (each, random) -> {
          ObjectNode more = each.bundle().deepCopy();
          ObjectNode entry =
              more.withArray("entry").insertObject(random.nextInt(more.path("entry").size() + 1));
          entry.set(
              "resource",
              Replies.json(
                  """
                  {"resourceType": "%s", "id": "more", "status": "final",
                   "subject": {"reference": "Patient/p"},
                   "code": {"coding": [ {"system": "http://loinc.org", "code": "718-7"}, {"code": "8310-5"} ]},
                   "effectiveDateTime": "2026-11-21T12:00:00Z", "valueQuantity": {"value": 13}}
                  """
                      .formatted(
                          RandomModels.pick(
                              random, List.of("Observation", "Condition", "Basic")))));
          if (each.facts().patient() == null) {
            entry.withObject("resource").remove("subject");
          }
          assertThat(Case.negotiate(each.manifest(), BundleCheck.facts(more)))
              .isEqualTo(each.verdict());
        });
  }

  @Test
  void all_forms_name_the_same_gaps() {
    forAll(TRIES, (each, random) -> FormsAgree.check(each.verdict(), each.manifest()));
  }

  @Test
  void each_requirement_is_met_or_one_gap_and_no_input_comes_twice() {
    forAll(
        TRIES,
        (each, random) -> {
          if (each.verdict() instanceof Verdict.NotApplicable) {
            return;
          }
          List<String> gaps = Given.gaps(each.verdict()).stream().map(Gap::name).toList();
          List<String> found =
              Given.inputs(each.verdict()).stream()
                  .filter(input -> !input.source().equals(Input.ASSUMED))
                  .map(Input::name)
                  .toList();
          assertThat(Stream.concat(gaps.stream(), found.stream())).doesNotHaveDuplicates();
          for (Requirement requirement : each.manifest().requirements()) {
            boolean met =
                switch (requirement) {
                  case OfGroup group ->
                      group.options().stream().anyMatch(option -> found.contains(option.name()));
                  case OfRule rule -> true;
                  case OfPatient patient -> found.contains(patient.name());
                  case OfObservation observation -> found.contains(observation.name());
                  case OfStatement statement -> found.contains(statement.name());
                };
            if (!(requirement instanceof OfRule)) {
              assertThat(gaps.contains(requirement.name()))
                  .as(requirement.name())
                  .isNotEqualTo(met);
            }
          }
        });
  }

  @Test
  void a_ready_models_inputs_are_in_range_and_in_time() {
    forAll(
        TRIES,
        (each, random) -> {
          if (each.verdict() instanceof Verdict.Ready ready) {
            assertSound(ready, each.manifest());
          }
        });
  }

  private static void assertSound(Verdict.Ready ready, Manifest manifest) {
    assertThat(ready.optionalGaps()).noneMatch(Gap::mandatory);
    Map<String, Requirement> requirements =
        manifest.inputs().stream()
            .collect(Collectors.toMap(Requirement::name, Function.identity()));
    for (Input input : ready.inputs()) {
      if (Objects.requireNonNull(requirements.get(input.name()))
          instanceof OfObservation observation) {
        Series series = observation.series();
        assertThat(input.earlier()).hasSize(series == null ? 0 : series.count() - 1);
        Instant later = null;
        for (Input value : Stream.concat(Stream.of(input), input.earlier().stream()).toList()) {
          assertSound(value, observation);
          if (series != null && later != null) {
            assertThat(value.effective()).isBeforeOrEqualTo(later.minus(series.spacing()));
            assertThat(input.expires()).isBeforeOrEqualTo(Objects.requireNonNull(value.expires()));
          }
          later = value.effective();
        }
      }
    }
  }

  private static void assertSound(Input input, OfObservation observation) {
    Requirement.Range range = observation.range();
    if (input.value() instanceof Input.Value.Numeric(BigDecimal number) && range != null) {
      assertThat(range.contains(number)).isTrue();
      assertThat(input.unit()).isEqualTo(observation.unit());
    }
    if (!input.source().equals(Input.ASSUMED) && observation.maxAge() != null) {
      assertThat(input.expires()).isAfterOrEqualTo(NOW);
    }
    if (input.effective() != null) {
      assertThat(input.effective()).isBeforeOrEqualTo(NOW.plus(ObservationCheck.CLOCK_SKEW));
    }
  }

  @Test
  void answering_all_that_is_asked_as_it_is_asked_makes_a_model_ready() {
    int[] answered = new int[1];
    forAll(
        TRIES,
        (each, random) -> {
          List<Gap> gaps = Given.gaps(each.verdict());
          ObjectNode form = FhirAnswer.questionnaire(gaps, each.manifest(), Given.ENGLISH);
          // A gap that nobody can be asked for stays.
          if (form == null || gaps.stream().anyMatch(gap -> gap.mandatory() && !gap.askable())) {
            return;
          }
          answered[0]++;
          // No other value is of the same second.
          ObjectNode response =
              Obedient.answer(form, gaps, each.manifest(), random, NOW.minusSeconds(37));
          Verdict verdict =
              Dialogue.of(each.bundle())
                  .with(Replies.taken(response, each.manifest()))
                  .weigh(new Negotiator(each.manifest()), NOW);
          assertThat(verdict).isInstanceOf(Verdict.Ready.class);
          assertThat(verdict.gaps()).noneMatch(Gap::askable);
          assertSound((Verdict.Ready) verdict, each.manifest());
        });
    assertThat(answered[0]).isGreaterThan(TRIES / 2);
  }

  @Test
  void a_model_that_knows_nothing_asks_for_everything() {
    forAll(
        TRIES / 10,
        (each, random) -> {
          List<String> asked =
              new Negotiator(each.manifest()).everything().stream().map(Gap::name).toList();
          assertThat(asked)
              .containsAll(
                  each.manifest().requirements().stream()
                      .filter(requirement -> !(requirement instanceof OfRule))
                      .map(Requirement::name)
                      .toList());
        });
  }

  @Test
  void random_models_and_records_show_every_kind_reason_and_verdict() {
    List<Verdict> verdicts = new ArrayList<>();
    List<Requirement> requirements = new ArrayList<>();
    forAll(
        TRIES,
        (each, random) -> {
          verdicts.add(each.verdict());
          requirements.addAll(each.manifest().requirements());
        });
    assertThat(verdicts.stream().map(Verdict::getClass).distinct()).hasSize(3);
    assertThat(verdicts.stream().flatMap(verdict -> verdict.gaps().stream()).map(Gap::reason))
        .contains(Reason.values());
    assertThat(requirements.stream().map(Requirement::getClass).distinct()).hasSize(5);
    assertThat(requirements)
        .anyMatch(each -> each instanceof OfStatement && !each.mandatory())
        .anyMatch(each -> each instanceof OfObservation o && o.series() != null);
  }

  /** Whole synthetic records, each against many models. */
  @ParameterizedTest
  @CsvSource({"03_244entries, 2024-12-15T14:00:00Z", "00_70entries, 2024-11-17T17:00:00Z"})
  void what_is_asked_on_a_real_record_makes_a_model_ready(String name, Instant now)
      throws Exception {
    ObjectNode bundle =
        (ObjectNode)
            Json.MAPPER.readTree(
                Files.readAllBytes(Path.of("src/test/resources/synthea", name + ".json")));
    Facts facts = ((Checked.Valid) new BundleCheck(100).check(bundle)).facts();
    int answered = 0;
    for (long seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Manifest manifest = RandomModels.manifest(random);
      Negotiator negotiator = new Negotiator(manifest);
      Verdict verdict = negotiator.negotiate(facts, now);
      FormsAgree.check(verdict, manifest);
      ObjectNode form = FhirAnswer.questionnaire(verdict.gaps(), manifest, Given.ENGLISH);
      if (form != null) {
        answered++;
        ObjectNode response =
            Obedient.answer(
                form, verdict.gaps(), manifest, random, now.minus(Duration.ofSeconds(37)));
        assertThat(
                Dialogue.of(bundle).with(Replies.taken(response, manifest)).weigh(negotiator, now))
            .isInstanceOf(Verdict.Ready.class);
      }
    }
    assertThat(answered).isGreaterThan(10);
  }
}
