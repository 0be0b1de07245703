package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.Given.NOW;
import static org.clinisandbox.negotiation.Given.obs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.clinisandbox.fhir.BundleCheck;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.Facts;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.negotiation.Matches.Match;
import org.clinisandbox.negotiation.Matches.Standing;
import org.clinisandbox.negotiation.Matches.Unlock;
import org.clinisandbox.registry.Manifest;
import org.junit.jupiter.api.Test;

/** One record against many models. */
class CatalogueTest {
  /** A model that needs these codes of a system of its own, and whatever else is said. */
  private static Manifest needing(String key, String more, String... codes) {
    List<String> observations =
        Arrays.stream(codes)
            .map(
                c ->
                    "{ name: n%s, system: \"urn:x\", code: \"%s\", display: D%s }"
                        .formatted(c, c, c))
            .toList();
    return keyed(
        key, "required_observations: [ " + String.join(", ", observations) + " ]\n" + more);
  }

  private static Manifest keyed(String key, String body) {
    return named(key, Given.manifest(body));
  }

  private static Manifest named(String key, Manifest m) {
    return new Manifest(
        key,
        m.version(),
        m.name(),
        m.image(),
        m.protocol(),
        m.minimum(),
        m.limits(),
        m.population(),
        m.requirements(),
        m.settings(),
        m.output(),
        m.cases(),
        m.card());
  }

  private static Catalogue of(List<Manifest> models) {
    return new Catalogue(models.stream().map(Negotiator::new).toList());
  }

  private static Matches match(Facts facts, Manifest... models) {
    return of(List.of(models)).match(facts, NOW);
  }

  private static Given.Obs observed(String code) {
    return obs("o" + code, "8310-5", "1", null).coded(new Coding("urn:x", code, null));
  }

  private static List<String> keys(Matches matches) {
    return matches.models().stream().map(each -> each.model().key()).toList();
  }

  /** As {@code codes -> keys}. */
  private static List<String> unlocks(Matches matches) {
    return matches.unlocks().stream()
        .map(
            unlock ->
                unlock.ask().stream()
                        .map(item -> item.code() == null ? item.display() : item.code())
                        .toList()
                    + " -> "
                    + unlock.models())
        .toList();
  }

  @Test
  void every_model_is_listed_with_its_own_verdict() {
    for (long seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      List<Manifest> models =
          IntStream.range(0, 25).mapToObj(i -> RandomModels.manifest(random, "m" + i)).toList();
      Facts facts = BundleCheck.facts(RandomRecords.record(random));
      Matches matches = of(models).match(facts, NOW);
      assertThat(keys(matches))
          .containsExactlyInAnyOrderElementsOf(models.stream().map(Manifest::key).toList());
      for (Match each : matches.models()) {
        assertThat(each)
            .isEqualTo(Match.of(each.model(), new Negotiator(each.model()).negotiate(facts, NOW)));
      }
      assertThat(matches.complete()).isTrue();
    }
  }

  @Test
  void ready_models_come_first_then_those_that_need_the_least_and_strangers_to_the_patient_last() {
    Matches matches =
        match(
            Given.facts(observed("1").fact()),
            needing("old", "population: { age: { low: 90 } }", "1"),
            needing("two", "", "1", "2", "3"),
            needing("b", "", "4"),
            needing("a", "", "1", "2"),
            needing("ready", "", "1"),
            needing("nothing", ""),
            needing("three", "", "2", "3", "4"));
    assertThat(keys(matches)).containsExactly("nothing", "ready", "a", "b", "two", "three", "old");
    assertThat(matches.models().getLast().standing()).isEqualTo(Standing.NOT_APPLICABLE);
  }

  @Test
  void what_unlocks_the_most_models_comes_first() {
    Matches matches =
        match(
            Given.facts(observed("0").fact()),
            needing("a", "", "0", "1"),
            needing("b", "", "1"),
            needing("c", "", "1", "2"),
            needing("d", "", "3", "4", "5"),
            needing("e", "", "6", "7", "8", "9"));
    assertThat(unlocks(matches))
        .containsExactly("[1, 2] -> [a, b, c]", "[1] -> [a, b]", "[3, 4, 5] -> [d]");
    assertThat(matches.unlocks().getFirst().ask().getFirst())
        .isEqualTo(new Item("urn:x", "1", "D1"));
    assertThat(matches.complete()).isTrue();
  }

  @Test
  void items_whose_codes_overlap_are_one() {
    String overlapping =
        "required_observations: [ { name: x, display: Other, system: \"urn:x\", code: \"9\", accepts: [\"1\"] } ]";
    Matches matches =
        match(Given.facts(), needing("a", "", "1"), keyed("b", overlapping), needing("c", "", "9"));
    assertThat(unlocks(matches)).containsExactly("[1] -> [a, b, c]");
    String foreign = overlapping.replace("urn:x", "urn:y");
    assertThat(unlocks(match(Given.facts(), needing("a", "", "1"), keyed("b", foreign))))
        .containsExactlyInAnyOrder("[1] -> [a]", "[1, 9] -> [a, b]", "[9] -> [b]");
  }

  @Test
  void a_fact_of_the_patient_is_an_item_without_a_code() {
    Matches matches =
        match(
            Given.facts(null, List.of()),
            keyed("a", "required_patient: [age]"),
            keyed("b", "population: { age: { low: 16 } }"));
    assertThat(matches.unlocks())
        .containsExactly(
            new Unlock(List.of(new Item(null, null, "Date of birth")), List.of("a", "b")));
  }

  @Test
  void one_option_of_a_group_is_enough_whichever_it_is() {
    String group = "any_of: [ { name: one, inputs: [n1, n2] } ]";
    assertThat(
            unlocks(
                match(
                    Given.facts(),
                    needing("a", group, "1", "2"),
                    needing("b", "", "2"),
                    needing("c", "", "2", "3", "4"))))
        .startsWith("[2, 3, 4] -> [a, b, c]", "[2] -> [a, b]", "[1] -> [a]");
    // An option that is needed anyway closes the group too.
    assertThat(
            unlocks(
                match(
                    Given.facts(),
                    keyed(
                        "d",
                        """
                        required_observations:
                          - { name: p, system: "urn:x", code: "1" }
                          - { name: q, system: "urn:x", code: "2" }
                          - { name: r, system: "urn:x", code: "2", accepts: ["5"] }
                          - { name: s, system: "urn:x", code: "3" }
                          - { name: t, system: "urn:x", code: "4" }
                        any_of: [ { name: one, inputs: [p, q] } ]
                        """))))
        .containsExactly("[2, 3, 4] -> [d]");
  }

  @Test
  void nothing_is_asked_for_in_vain() {
    String never = "rules: [ { expression: \"false\", message: No. } ]";
    Given.Obs declined =
        obs("d", "8310-5", new Value.Absent("asked-declined"))
            .coded(new Coding("urn:x", "7", null));
    Matches matches =
        match(
            Given.facts(
                observed("1").fact(),
                declined.fact(),
                observed("8").at(NOW.plus(Duration.ofDays(1))).fact()),
            needing("rule", never, "1"),
            needing("declined", "", "7"),
            needing("future", "", "8"),
            needing("old", "population: { age: { low: 90 } }", "5"),
            needing("optional", "required_patient: [ { name: race, mandatory: false } ]", "1"));
    assertThat(matches.unlocks()).isEmpty();
    assertThat(matches.complete()).isTrue();
  }

  @Test
  void a_limit_that_cuts_the_search_is_owned_up_to() {
    List<Manifest> models = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      models.add(needing("m" + i, "", "1" + i, "2" + i));
    }
    assertThat(of(models.subList(0, 50)).match(Given.facts(), NOW).complete()).isTrue();
    Matches matches = of(models).match(Given.facts(), NOW);
    assertThat(matches.complete()).isFalse();
    assertThat(matches.models()).hasSize(300);
    assertThat(matches.unlocks()).hasSize(20);
    List<Manifest> single = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      single.add(needing("m" + i, "", "1" + i));
    }
    assertThat(of(single).match(Given.facts(), NOW).complete()).isFalse();
  }

  @Test
  void a_group_of_very_many_options_cuts_the_search_too() {
    StringBuilder body = new StringBuilder("required_observations:\n");
    StringBuilder groups = new StringBuilder("any_of:\n");
    for (int g = 0; g < 4; g++) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        names.add("n%d_%d".formatted(g, i));
        body.append(
            "  - { name: n%d_%d, system: \"urn:x\", code: \"%d.%d\" }\n".formatted(g, i, g, i));
      }
      groups.append("  - { name: g%d, inputs: [%s] }\n".formatted(g, String.join(", ", names)));
    }
    Matches matches = match(Given.facts(), keyed("a", body.toString() + groups));
    assertThat(matches.unlocks()).isEmpty();
    assertThat(matches.complete()).isFalse();
  }

  @Test
  void of_too_many_models_the_least_demanding_are_listed() {
    Manifest one = needing("one", "", "1");
    Manifest two = needing("two", "", "1", "2");
    List<Manifest> models = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      models.add(named("two-%04d".formatted(i), two));
      models.add(named("one-%04d".formatted(i), one));
    }
    Matches strangers = of(models).match(Given.facts(), NOW);
    assertThat(keys(strangers)).hasSize(Catalogue.MOST_LISTED);
    assertThat(keys(strangers).stream().filter(key -> key.startsWith("one"))).hasSize(600);
    assertThat(strangers.complete()).isFalse();
    assertThat(strangers.unlocks().getFirst().models()).hasSize(1200);
    Matches known = of(models).match(Given.facts(observed("1").fact()), NOW);
    assertThat(keys(known)).hasSize(Catalogue.MOST_LISTED);
    assertThat(known.models().get(599).standing()).isEqualTo(Standing.READY);
    assertThat(known.complete()).isFalse();
    assertThat(of(models.subList(0, 1000)).match(Given.facts(), NOW).complete()).isTrue();
  }
}
