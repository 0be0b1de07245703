package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clinisandbox.fhir.Samples.bundle;
import static org.clinisandbox.fhir.Samples.entry;
import static org.clinisandbox.fhir.Samples.json;
import static org.clinisandbox.fhir.Samples.observation;
import static org.clinisandbox.fhir.Samples.patient;
import static org.clinisandbox.fhir.Samples.subject;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.clinisandbox.fhir.validation.Validator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class BundleCheckTest {
  private static final BundleCheck CHECK = new BundleCheck(100);

  @ParameterizedTest
  @CsvSource({
    "00_70entries, 44",
    "03_244entries, 180",
    "12_358entries, 229",
    "33_544entries, 220",
    "54_1400entries, 708"
  })
  void a_real_record_is_valid(String name, int observations) throws IOException, JsonRefused {
    JsonNode record = synthea(name);
    Facts facts = valid(record);

    assertThat(facts).isEqualTo(BundleCheck.facts(record));
    assertThat(facts.patient()).isNotNull();
    assertThat(facts.observations())
        .hasSize(observations)
        .allMatch(o -> o.subject() == ObservationFact.Subject.PATIENT)
        .allMatch(o -> o.effective() != null && o.issued() != null);
  }

  @Test
  void facts_are_collected_entry_by_entry_until_something_is_wrong() {
    JsonNode bundle =
        bundle(
            patient(""),
            observation(1, ""),
            observation(2, ",'status':'finished'"),
            observation(3, ""));
    List<Integer> walked = new ArrayList<>();

    assertThat(new Validator(100).validate(bundle, walked::add)).hasSize(1);

    assertThat(walked).containsExactly(0, 1);
  }

  @Test
  void a_bundle_with_most_of_what_clients_send_is_valid() {
    assertThat(valid(Samples.rich()).observations()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "1",
        "'Bundle'",
        "[]",
        "{}",
        "{'resourceType':'Patient'}",
        "{'resourceType':null}",
        "{'resourceType':['Bundle']}",
        "{'resourceType':'bundle'}"
      })
  void what_is_no_bundle_is_a_finding(String text) {
    assertThat(findings(Json.MAPPER.readTree(text.replace('\'', '"'))).list())
        .containsExactly(
            new Finding(
                Finding.Severity.FATAL,
                "structure",
                "Bundle",
                "This is not a Bundle; send an R4 resource with resourceType Bundle."));
  }

  @Test
  void all_findings_come_at_once_and_in_order_with_their_places() {
    JsonNode bundle =
        bundle(
            patient(",'gender':'femal','birthDate':'1950-13-45','shoeSize':42"),
            observation(1, ",'valueQuantity':{'value':'high'}"));

    assertThat(findings(bundle).list())
        .extracting(Finding::expression)
        .contains(
            "Bundle.entry[0].resource.gender",
            "Bundle.entry[0].resource.birthDate",
            "Bundle.entry[0].resource.shoeSize",
            "Bundle.entry[1].resource.value.ofType(Quantity).value")
        .isSortedAccordingTo((a, b) -> a.substring(0, 15).compareTo(b.substring(0, 15)));
    assertThat(findings(bundle).list())
        .extracting(Finding::message)
        .contains(
            "The code is not in the code system or value set that is required here.",
            "R4 has no element of this name here.",
            "This is a string; a decimal is a JSON number.");
  }

  @Test
  void what_is_missing_is_named() {
    JsonNode bundle =
        bundle(
            entry(
                "urn:uuid:1b4e28ba-2fa1-41d2-883f-0016d3cca427", "{'resourceType':'Observation'}"));

    assertThat(findings(bundle).list())
        .contains(
            new Finding(
                Finding.Severity.ERROR,
                "required",
                "Bundle.entry[0].resource",
                "The element status is missing; Observation must have it."));
  }

  @Test
  void a_broken_invariant_is_told_in_the_definitions_words() {
    JsonNode bundle = bundle(observation(1, ",'valueQuantity':{'value':1,'code':'kg'}"));

    assertThat(findings(bundle).list())
        .containsExactly(
            new Finding(
                Finding.Severity.ERROR,
                "invariant",
                "Bundle.entry[0].resource.value.ofType(Quantity)",
                "qty-3: If a code for the unit is present, the system SHALL also be present"));
  }

  @Test
  void the_list_of_findings_is_bounded() {
    JsonNode bundle =
        bundle(
            IntStream.range(0, 8)
                .mapToObj(i -> observation(i, ",'issued':'never'"))
                .toArray(String[]::new));
    int all = findings(bundle).list().size();

    Findings cut = ((Checked.Invalid) new BundleCheck(5).check(bundle)).findings();
    Findings whole = ((Checked.Invalid) new BundleCheck(all).check(bundle)).findings();

    assertThat(cut.list()).hasSize(5).isEqualTo(whole.list().subList(0, 5));
    assertThat(cut.truncated()).isTrue();
    assertThat(whole.list()).hasSize(all);
    assertThat(whole.truncated()).isFalse();
    assertThatThrownBy(() -> new BundleCheck(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"urn:uuid:99999999-9999-4999-8999-999999999999", "urn:oid:1.2.3", "#x"})
  void a_local_reference_that_leads_nowhere_is_a_finding(String reference) {
    JsonNode bundle = bundle(patient(""), observation(1, subject(reference)));

    assertThat(findings(bundle).list())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo("not-found");
              assertThat(finding.expression())
                  .isEqualTo("Bundle.entry[1].resource.subject.reference");
            });
  }

  @Test
  void a_contained_resource_is_found_only_inside_its_own_container() {
    String contained = ",'contained':[{'resourceType':'Patient','id':'x'}]";
    JsonNode bundle =
        bundle(
            observation(1, contained + subject("#x")),
            observation(2, ",'performer':[{'reference':'#x'}]"));

    assertThat(findings(bundle).list())
        .extracting(Finding::code, Finding::expression)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "not-found", "Bundle.entry[1].resource.performer[0].reference"));
  }

  @Test
  void contained_resources_may_refer_to_one_another_and_to_their_container() {
    JsonNode bundle =
        bundle(
            observation(
                1,
                ",'contained':[{'resourceType':'Patient','id':'a'},{'resourceType':'Device',"
                    + "'id':'b','patient':{'reference':'#a'}},{'resourceType':'Provenance','id':'c',"
                    + "'target':[{'reference':'#'},{'reference':'#b'}],"
                    + "'recorded':'2026-01-02T03:04:05Z','agent':[{'who':{'reference':'#b'}}]}]"));

    valid(bundle);
  }

  @Test
  void an_inner_bundles_resource_does_not_see_what_the_outer_one_contains() {
    JsonNode bundle =
        bundle(
            entry(
                "urn:uuid:x",
                "{'resourceType':'Parameters','contained':[{'resourceType':'Patient','id':'a'}],"
                    + "'parameter':[{'resource':{'resourceType':'Observation',"
                    + "'subject':{'reference':'#a'}}}]}"));

    assertThat(findings(bundle).list())
        .filteredOn(finding -> finding.code().equals("not-found"))
        .extracting(Finding::expression)
        .containsExactly("Bundle.entry[0].resource.parameter[0].resource.subject.reference");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Patient/elsewhere",
        "https://other.example/fhir/Patient/7",
        "Patient/p1/_history/3",
        Samples.PATIENT_URL
      })
  void a_reference_to_something_outside_is_no_finding(String reference) {
    assertThat(valid(bundle(patient(""), observation(1, subject(reference)))).patient())
        .isNotNull();
  }

  @Test
  void relative_references_between_servers_resources_are_no_finding() {
    JsonNode bundle =
        bundle(
            entry("http://a.example/Patient/p1", "{'resourceType':'Patient','id':'p1'}"),
            entry(
                "http://a.example/Observation/1",
                "{'resourceType':'Observation','id':'1','status':'final','code':{'text':'x'},"
                    + "'encounter':{'reference':'Encounter/9'},'subject':{'reference':'Patient/p1'}}"));

    assertThat(valid(bundle).observations()).hasSize(1);
  }

  @Test
  void a_conditional_reference_in_a_transaction_is_no_finding() {
    ObjectNode bundle =
        (ObjectNode) bundle(patient(""), observation(1, subject("Patient?identifier=a|b")));
    bundle.put("type", "transaction");
    for (JsonNode entry : bundle.get("entry")) {
      ((ObjectNode) entry)
          .putObject("request")
          .put("method", "POST")
          .put("url", entry.get("resource").get("resourceType").stringValue());
    }

    assertThat(valid(bundle).patient()).isNotNull();
  }

  @Test
  void a_second_patient_is_a_finding() {
    JsonNode bundle =
        bundle(
            patient(""),
            entry(
                "urn:uuid:1b4e28ba-2fa1-41d2-883f-0016d3cca427",
                "{'resourceType':'Patient','id':'x'}"));

    assertThat(findings(bundle).list())
        .extracting(Finding::code, Finding::expression)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("multiple-matches", "Bundle.entry[1].resource"));
  }

  @Test
  void without_a_patient_two_different_subjects_are_a_finding() {
    JsonNode bundle =
        bundle(
            observation(1, subject("Patient/a")),
            observation(2, subject("Patient/a")),
            observation(3, subject("Patient/b")));

    assertThat(findings(bundle).list())
        .extracting(Finding::code, Finding::expression)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "multiple-matches", "Bundle.entry[2].resource.subject"));
  }

  @Test
  void without_a_patient_one_shared_subject_is_valid() {
    JsonNode bundle =
        bundle(
            observation(1, subject("Patient/a")),
            observation(2, subject("Patient/a/_history/2")),
            observation(3, subject("Group/b")));

    assertThat(valid(bundle).observations())
        .extracting(ObservationFact::subject)
        .containsExactly(
            ObservationFact.Subject.PATIENT,
            ObservationFact.Subject.PATIENT,
            ObservationFact.Subject.OTHER);
  }

  @Test
  void our_own_rules_take_time_in_proportion_to_the_bundle() {
    JsonNode bundle = manyReferences(200_000);

    assertThat(findings(bundle).truncated()).isTrue();
    assertThat(new Subjects(bundle).otherPatients()).hasSize(199_999);
  }

  @Test
  void a_tree_too_deep_for_the_stack_is_refused_and_does_not_throw() {
    ObjectNode bundle = (ObjectNode) bundle(patient(""));
    ObjectNode deepest = (ObjectNode) bundle.get("entry").get(0).get("resource");
    for (int i = 0; i < 200_000; i++) {
      deepest = deepest.putArray("extension").addObject();
    }

    assertThat(findings(bundle).list()).extracting(Finding::code).containsExactly("exception");
  }

  private static JsonNode manyReferences(int count) {
    ObjectNode bundle = json("{'resourceType':'Bundle','type':'collection'}");
    ArrayNode entries = bundle.putArray("entry");
    for (int i = 0; i < count; i++) {
      entries
          .addObject()
          .putObject("resource")
          .put("resourceType", "Observation")
          .putObject("subject")
          .put("reference", "urn:uuid:" + i);
    }
    return bundle;
  }

  private static JsonNode synthea(String name) throws IOException, JsonRefused {
    try (InputStream in = BundleCheckTest.class.getResourceAsStream("/synthea/" + name + ".json")) {
      return new StrictJson(JsonLimits.DEFAULT).read(in.readAllBytes());
    }
  }

  private static Facts valid(JsonNode bundle) {
    return switch (CHECK.check(bundle)) {
      case Checked.Valid(Facts facts) -> facts;
      case Checked.Invalid(Findings findings) ->
          throw new AssertionError("rejected: " + List.copyOf(findings.list()));
    };
  }

  private static Findings findings(JsonNode bundle) {
    return switch (CHECK.check(bundle)) {
      case Checked.Valid valid -> throw new AssertionError("not rejected: " + valid);
      case Checked.Invalid(Findings findings) -> findings;
    };
  }
}
