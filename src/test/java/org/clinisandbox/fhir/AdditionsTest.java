package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.fhir.Samples.PATIENT_URL;
import static org.clinisandbox.fhir.Samples.bundle;
import static org.clinisandbox.fhir.Samples.entry;
import static org.clinisandbox.fhir.Samples.json;
import static org.clinisandbox.fhir.Samples.observation;
import static org.clinisandbox.fhir.Samples.patient;
import static org.clinisandbox.fhir.Samples.subject;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.clinisandbox.fhir.ObservationFact.Subject;
import org.clinisandbox.fhir.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class AdditionsTest {
  private static final String MRN = ",'identifier':[{'system':'http://mrn','value':'7'}]";
  private static final String OTHER_URL = "urn:uuid:1b4e28ba-2fa1-41d2-883f-0016d3cca427";

  @Test
  void a_later_version_takes_the_place_of_the_earlier_one() {
    JsonNode bundle = bundle(patient(""), observation(1, text("early")), observation(2, ""));
    JsonNode byUrl = bundle(observation(1, text("late")));
    JsonNode byId =
        bundle(entry(OTHER_URL, "{'resourceType':'Observation','id':'o1'" + text("late") + "}"));

    for (JsonNode addition : List.of(byUrl, byId)) {
      List<ObservationFact> facts = facts(bundle, addition).observations();

      assertThat(facts)
          .extracting(ObservationFact::source)
          .containsExactly("Observation/o1", "Observation/o2");
      assertThat(facts.getFirst().value()).isEqualTo(new ObservationFact.Value.Text("late"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/Observation/1, http://b.example/Observation/1, 2",
    "http://a.example/Observation/1, http://a.example/Observation/1, 1",
    "http://a.example/Observation/1, urn:uuid:x, 1"
  })
  void the_same_id_on_another_server_is_another_resource(String one, String other, int facts) {
    String resource = "{'resourceType':'Observation','id':'1'}";

    assertThat(facts(bundle(entry(one, resource)), bundle(entry(other, resource))).observations())
        .hasSize(facts);
  }

  @Test
  void the_arguments_stay_as_they_are() {
    JsonNode bundle = bundle(patient(MRN), observation(1, subject(PATIENT_URL)));
    JsonNode addition =
        bundle(
            entry(OTHER_URL, "{'resourceType':'Patient','id':'x'" + MRN + "}"),
            observation(1, subject(OTHER_URL)));
    JsonNode bundleBefore = bundle.deepCopy();
    JsonNode additionBefore = addition.deepCopy();

    Additions.merge(bundle, addition);

    assertThat(bundle).isEqualTo(bundleBefore);
    assertThat(addition).isEqualTo(additionBefore);
  }

  @Test
  void other_members_of_the_first_bundle_stay_and_what_no_longer_fits_goes() {
    ObjectNode bundle = (ObjectNode) bundle(patient(""));
    bundle.put("id", "b").put("total", 1).putObject("signature").put("who", "x");

    assertThat(Additions.merge(bundle, bundle(observation(1, ""))).propertyNames())
        .containsExactlyInAnyOrder("resourceType", "type", "entry", "id");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        PATIENT_URL + "; 'language':'en'",
        OTHER_URL + "; 'id':'p1'",
        OTHER_URL + "; 'id':'x','identifier':[{'system':'http://mrn','value':'7'}]",
        "http://b.example/Patient/x; 'id':'x','identifier':[{'system':'http://mrn','value':'7'}]"
      })
  void the_same_patient_is_updated_and_old_and_new_references_lead_to_it(String url, String own) {
    JsonNode bundle =
        bundle(
            patient(MRN),
            observation(1, subject(PATIENT_URL)),
            observation(2, subject("Patient/p1")));
    JsonNode addition =
        bundle(
            entry(url, "{'resourceType':'Patient','gender':'female'," + own + "}"),
            observation(3, subject(url)),
            observation(4, subject(own.contains("'x'") ? "Patient/x" : "Patient/p1")));

    Facts facts = facts(bundle, addition);

    assertThat(facts.patient()).isEqualTo(new PatientFact("Patient/p1", "female", null, null));
    assertThat(facts.observations())
        .hasSize(4)
        .allSatisfy(fact -> assertThat(fact.subject()).isEqualTo(Subject.PATIENT));
    assertThat(new Subjects(facts.bundle()).otherPatients()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"Patient/p1, 1", "urn:uuid:11111111-1111-4111-8111-111111111111, 1", "Patient/x, 0"})
  void where_only_subjects_tell_the_patient_a_patient_must_be_the_named_one(
      String named, int patients) {
    JsonNode bundle = bundle(observation(1, subject(named)));

    Facts facts = facts(bundle, bundle(patient(""), observation(2, subject(PATIENT_URL))));

    assertThat(facts.patient() == null ? 0 : 1).isEqualTo(patients);
    assertThat(facts.observations())
        .extracting(ObservationFact::subject)
        .containsExactly(Subject.PATIENT, patients == 1 ? Subject.PATIENT : Subject.OTHER);
  }

  @Test
  void where_nobody_is_named_a_patient_is_added_and_the_next_one_is_not() {
    JsonNode first = Additions.merge(bundle(observation(1, "")), bundle(patient("")));

    Facts facts = facts(first, bundle(entry(OTHER_URL, "{'resourceType':'Patient','id':'x'}")));

    assertThat(facts.patient()).extracting(PatientFact::source).isEqualTo("Patient/p1");
    assertThat(facts.bundle()).isEqualTo(first);
  }

  @Test
  void without_a_patient_nobody_elses_resource_takes_the_place_of_one_that_names_it() {
    JsonNode bundle = bundle(observation(1, subject("Patient/a")), observation(2, ""));

    Facts facts =
        facts(
            bundle,
            bundle(observation(1, subject("Patient/b")), observation(3, subject("Patient/b"))));

    assertThat(facts.observations())
        .extracting(ObservationFact::subject)
        .containsExactly(Subject.PATIENT, Subject.UNSTATED, Subject.OTHER);
  }

  @Test
  void references_follow_a_resource_that_took_anothers_place() {
    JsonNode bundle =
        bundle(
            observation(1, ""),
            entry(
                "urn:uuid:r",
                "{'resourceType':'DiagnosticReport','result':[{'reference':"
                    + "'urn:uuid:22222222-2222-4222-8222-000000000001'}]}"));
    JsonNode addition =
        bundle(
            entry(OTHER_URL, "{'resourceType':'Observation','id':'o1'}"),
            entry(
                "urn:uuid:s",
                "{'resourceType':'DiagnosticReport','result':[{'reference':'"
                    + OTHER_URL
                    + "'}]}"));

    assertThat(new Validator(100).validate(Additions.merge(bundle, addition), _ -> {}))
        .noneMatch(issue -> issue.code().equals("not-found"));
  }

  @Test
  void a_resource_without_fullUrl_and_id_is_added_once() {
    JsonNode addition =
        json(
            "{'resourceType':'Bundle','type':'transaction','entry':[{'resource':"
                + "{'resourceType':'Observation','status':'final'}}]}");
    JsonNode once = Additions.merge(bundle(patient("")), addition);

    assertThat(once.path("entry").size()).isEqualTo(2);
    assertThat(Additions.merge(once, addition)).isEqualTo(once);
  }

  @Test
  void the_same_addition_twice_changes_nothing_and_different_ones_commute() {
    Random random = new Random(20261121);
    for (int i = 0; i < 500; i++) {
      List<String> pool = pool();
      Collections.shuffle(pool, random);
      JsonNode bundle = bundle(patient(MRN), pool.getFirst(), pool.get(1));
      JsonNode one = addition(pool.subList(2, 2 + random.nextInt(4)), random);
      JsonNode other = addition(pool.subList(6, 6 + random.nextInt(4)), random);

      JsonNode merged = Additions.merge(bundle, one);
      assertThat(Additions.merge(merged, one)).isEqualTo(merged);

      Facts there = facts(merged, other);
      Facts back = facts(Additions.merge(bundle, other), one);
      assertThat(Set.copyOf(there.observations())).isEqualTo(Set.copyOf(back.observations()));
      assertThat(Set.copyOf(there.statements())).isEqualTo(Set.copyOf(back.statements()));
      assertThat(there.patient()).isEqualTo(back.patient());
    }
  }

  private static List<String> pool() {
    List<String> pool = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      pool.add(observation(n, text("v" + n) + (n % 2 == 0 ? subject("Patient/p1") : "")));
    }
    pool.add(observation(8, subject("Patient/x")));
    pool.add(
        entry("urn:uuid:c", "{'resourceType':'Condition','id':'c'" + subject(PATIENT_URL) + "}"));
    pool.add(entry("urn:uuid:q", "{'resourceType':'Patient','id':'x'}"));
    pool.add(
        entry("urn:uuid:p", "{'resourceType':'Patient','id':'p9','gender':'male'" + MRN + "}"));
    return pool;
  }

  private static JsonNode addition(List<String> entries, Random random) {
    String type = BundleTypes.WITH_DATA.get(random.nextInt(BundleTypes.WITH_DATA.size()));
    return BundleTypes.of(
        type.equals("document") ? "message" : type, entries.toArray(String[]::new));
  }

  @Test
  void merging_takes_time_in_proportion_to_the_bundles() {
    ObjectNode bundle = many(0);
    ObjectNode addition = many(100_000);

    assertThat(facts(bundle, addition).observations()).hasSize(150_000);
  }

  private static ObjectNode many(int from) {
    ObjectNode bundle = json("{'resourceType':'Bundle','type':'document'}");
    ArrayNode entries = bundle.putArray("entry");
    for (int i = from / 2; i < from / 2 + 100_000; i++) {
      ObjectNode resource =
          entries.addObject().put("fullUrl", "urn:uuid:" + i).putObject("resource");
      resource.put("resourceType", "Observation").put("id", "o" + i);
      resource.putArray("derivedFrom").addObject().put("reference", "urn:uuid:" + (i - 1));
    }
    return bundle;
  }

  private static String text(String value) {
    return ",'valueString':'" + value + "'";
  }

  private static Facts facts(JsonNode bundle, JsonNode addition) {
    return BundleCheck.facts(Additions.merge(bundle, addition));
  }
}
