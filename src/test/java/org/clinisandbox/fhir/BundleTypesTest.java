package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.clinisandbox.fhir.Samples.PATIENT_URL;
import static org.clinisandbox.fhir.Samples.json;
import static org.clinisandbox.fhir.Samples.observation;
import static org.clinisandbox.fhir.Samples.patient;
import static org.clinisandbox.fhir.Samples.subject;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Bundles of every type, with the real validator. */
class BundleTypesTest {
  private static final BundleCheck CHECK = new BundleCheck(100);
  private static final String MINE = subject(PATIENT_URL);

  static Stream<String> types() {
    return BundleTypes.WITH_DATA.stream();
  }

  static Stream<Arguments> pairs() {
    return types().flatMap(one -> types().map(other -> Arguments.of(one, other)));
  }

  @ParameterizedTest
  @MethodSource("types")
  void data_count_in_a_bundle_of_every_type(String type) {
    Facts facts = valid(CHECK.check(BundleTypes.of(type, patient(""), observation(1, MINE))));

    assertThat(facts.patient()).isNotNull();
    assertThat(facts.observations())
        .extracting(ObservationFact::source, ObservationFact::subject)
        .containsExactly(tuple("Observation/o1", ObservationFact.Subject.PATIENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"transaction-response", "batch-response"})
  void a_response_is_valid_and_has_no_data(String type) {
    Facts facts = valid(CHECK.check(BundleTypes.of(type, patient(""), observation(1, MINE))));

    assertThat(facts.patient()).isNull();
    assertThat(facts.observations()).isEmpty();
  }

  @Test
  void a_searchs_outcome_and_an_entry_without_a_resource_are_no_data() {
    ObjectNode bundle = BundleTypes.of("searchset", patient(""), observation(1, MINE));
    ObjectNode entry = (ObjectNode) bundle.path("entry").path(1);
    entry.putObject("search").put("mode", "outcome");
    ((ArrayNode) bundle.get("entry")).addObject().put("fullUrl", "urn:uuid:x");

    assertThat(BundleCheck.facts(bundle).observations()).isEmpty();
  }

  @Test
  void of_a_history_the_newest_version_counts_and_what_was_deleted_does_not() {
    ObjectNode bundle =
        BundleTypes.of(
            "history",
            observation(1, MINE + ",'valueString':'new'"),
            observation(2, MINE),
            patient(""),
            observation(1, MINE + ",'valueString':'old'"),
            observation(2, MINE));
    ObjectNode deleted = (ObjectNode) bundle.path("entry").path(1);
    deleted.remove("resource");
    deleted.putObject("request").put("method", "DELETE").put("url", "Observation/o2");

    Facts facts = valid(CHECK.check(bundle));

    assertThat(facts.observations())
        .extracting(ObservationFact::value)
        .containsExactly(new ObservationFact.Value.Text("new"));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void a_merged_bundle_of_any_two_types_is_valid(String one, String other) {
    ObjectNode bundle = BundleTypes.of(one, patient(""), observation(1, MINE));
    ObjectNode addition =
        BundleTypes.of(
            other,
            patient(",'gender':'female'"),
            observation(1, MINE + ",'valueString':'later'"),
            observation(2, MINE));

    Facts facts = valid(CHECK.checkAddition(bundle, addition));

    assertThat(valid(CHECK.check(facts.bundle()))).isEqualTo(facts);
    assertThat(facts.patient()).extracting(PatientFact::gender).isEqualTo("female");
    assertThat(facts.observations())
        .extracting(ObservationFact::source)
        .containsExactly("Observation/o1", "Observation/o2");
    assertThat(facts.bundle().has("total")).isFalse();
    boolean keeps =
        one.equals(other)
            || List.of("collection", "searchset", "document", "message").contains(one);
    assertThat(facts.bundle().path("type").stringValue()).isEqualTo(keeps ? one : "collection");
    assertThat(Additions.merge(facts.bundle(), addition)).isEqualTo(facts.bundle());
  }

  @ParameterizedTest
  @ValueSource(strings = {"document", "message"})
  void a_merged_document_keeps_its_head_first_and_its_references_whole(String type) {
    ObjectNode bundle = BundleTypes.of(type, patient(""), observation(1, MINE));

    ObjectNode merged =
        Additions.merge(
            bundle, BundleTypes.of("collection", observation(2, subject("Patient/p1"))));

    valid(CHECK.check(merged));
    assertThat(merged.path("type").stringValue()).isEqualTo(type);
    assertThat(merged.path("entry").path(0)).isEqualTo(bundle.path("entry").path(0));
  }

  @Test
  void a_document_with_something_that_hangs_on_nothing_becomes_a_collection() {
    ObjectNode merged =
        Additions.merge(
            BundleTypes.of("document", patient("")),
            BundleTypes.of("collection", observation(2, "")));

    valid(CHECK.check(merged));
    assertThat(merged.path("type").stringValue()).isEqualTo("collection");
  }

  @Test
  void conditional_references_of_a_transaction_become_logical_ones_in_a_collection() {
    String mrn = ",'identifier':[{'system':'http://mrn.example','value':'7'}]";
    String conditional = subject("Patient?identifier=http%3A%2F%2Fmrn.example%7C7");
    ObjectNode bundle = BundleTypes.of("transaction", patient(mrn), observation(1, conditional));

    Facts facts =
        valid(
            CHECK.checkAddition(
                BundleTypes.of("collection", patient(mrn)),
                BundleTypes.of("transaction", observation(2, conditional))));
    Facts turned =
        valid(CHECK.checkAddition(bundle, BundleTypes.of("collection", observation(2, MINE))));

    assertThat(facts.observations())
        .extracting(ObservationFact::subject)
        .containsExactly(ObservationFact.Subject.PATIENT);
    assertThat(turned.observations())
        .extracting(ObservationFact::subject)
        .containsExactly(ObservationFact.Subject.PATIENT, ObservationFact.Subject.PATIENT);
    assertThat(valid(CHECK.check(facts.bundle()))).isEqualTo(facts);
    assertThat(valid(CHECK.check(turned.bundle()))).isEqualTo(turned);
  }

  @ParameterizedTest
  @ValueSource(strings = {"collection", "searchset", "transaction", "batch", "history"})
  void an_addition_may_refer_to_the_first_bundle_and_to_nothing_else_by_urn(String type) {
    ObjectNode bundle = BundleTypes.of("collection", patient(""));

    Facts facts = valid(CHECK.checkAddition(bundle, BundleTypes.of(type, observation(1, MINE))));
    Findings dangling =
        findings(
            CHECK.checkAddition(
                bundle,
                BundleTypes.of(
                    type,
                    observation(1, subject("urn:uuid:99999999-9999-4999-8999-999999999999")))));

    assertThat(facts.observations())
        .extracting(ObservationFact::subject)
        .containsExactly(ObservationFact.Subject.PATIENT);
    assertThat(dangling.list())
        .extracting(Finding::code, Finding::expression)
        .containsExactly(tuple("not-found", "Bundle.entry[0].resource.subject.reference"));
  }

  @Test
  void somebody_elses_data_in_an_addition_are_no_finding_and_not_the_patients() {
    String other = "urn:uuid:1b4e28ba-2fa1-41d2-883f-0016d3cca427";
    ObjectNode addition =
        BundleTypes.of(
            "collection",
            Samples.entry(other, "{'resourceType':'Patient','id':'x','gender':'male'}"),
            observation(1, subject(other)),
            observation(2, subject("Patient/x")));

    Facts facts = valid(CHECK.checkAddition(BundleTypes.of("collection", patient("")), addition));

    assertThat(facts.patient()).extracting(PatientFact::source).isEqualTo("Patient/p1");
    assertThat(facts.observations())
        .extracting(ObservationFact::subject)
        .containsExactly(ObservationFact.Subject.OTHER, ObservationFact.Subject.OTHER);
    assertThat(valid(CHECK.check(facts.bundle()))).isEqualTo(facts);
  }

  @Test
  void two_patients_in_an_addition_are_a_finding_when_the_bundle_tells_none() {
    JsonNode nobody = BundleTypes.of("collection", observation(1, ""));
    ObjectNode two =
        BundleTypes.of(
            "collection",
            observation(2, subject("Patient/a")),
            observation(3, subject("Patient/b")));

    assertThat(findings(CHECK.checkAddition(nobody, two)).list())
        .extracting(Finding::code, Finding::expression)
        .containsExactly(tuple("multiple-matches", "Bundle.entry[1].resource.subject"));
  }

  @Test
  void a_resource_by_itself_is_checked_with_places_in_it() {
    ObjectNode bundle = BundleTypes.of("collection", patient(""));
    String response =
        "{'resourceType':'QuestionnaireResponse','status':'completed',"
            + "'questionnaire':'http://q.example/unknown','subject':{'reference':'"
            + PATIENT_URL
            + "'},'item':[{'linkId':'a','answer':[{'valueDecimal':%s}]}]}";

    Facts facts = valid(CHECK.checkResource(bundle, json(response.formatted("1.5"))));
    Findings wrong = findings(CHECK.checkResource(bundle, json(response.formatted("'high'"))));

    assertThat(facts.bundle().path("entry").size()).isEqualTo(2);
    assertThat(wrong.list())
        .isNotEmpty()
        .allSatisfy(
            finding ->
                assertThat(finding.expression()).startsWith("QuestionnaireResponse.item[0]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "5", "{'resourceType':'Anna Miller'}", "{'resourceType':7}"})
  void what_is_no_resource_is_a_finding_that_repeats_nothing(String text) {
    JsonNode resource = Json.MAPPER.readTree(text.replace('\'', '"'));

    assertThat(findings(CHECK.checkResource(BundleTypes.of("collection"), resource)).list())
        .extracting(Finding::expression, Finding::message)
        .containsExactly(
            tuple("Resource", "This is not an R4 resource; send one with its resourceType."));
  }

  private static Facts valid(Checked checked) {
    return switch (checked) {
      case Checked.Valid(Facts facts) -> facts;
      case Checked.Invalid(Findings findings) -> throw new AssertionError(findings.list());
    };
  }

  private static Findings findings(Checked checked) {
    return switch (checked) {
      case Checked.Valid valid -> throw new AssertionError("not rejected: " + valid);
      case Checked.Invalid(Findings findings) -> findings;
    };
  }
}
