package org.clinisandbox.negotiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.negotiation.ExtractionTest.MODEL;
import static org.clinisandbox.negotiation.ExtractionTest.refusal;
import static org.clinisandbox.negotiation.Replies.absent;
import static org.clinisandbox.negotiation.Replies.decimal;
import static org.clinisandbox.negotiation.Replies.group;
import static org.clinisandbox.negotiation.Replies.item;
import static org.clinisandbox.negotiation.Replies.observations;
import static org.clinisandbox.negotiation.Replies.response;
import static org.clinisandbox.negotiation.Replies.taken;

import java.util.List;
import java.util.Map;
import org.clinisandbox.fhir.Finding;
import org.clinisandbox.negotiation.PatientAnswers.Told;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** What an answer says other than a value, and what it says of the patient. */
class ExtractionOfPatientTest {
  @ParameterizedTest
  @CsvSource({
    "asked-unknown, NOT_KNOWN",
    "unknown, NOT_KNOWN",
    "asked-declined, DECLINED",
    "not-permitted, DECLINED"
  })
  void a_reason_for_no_value_may_stand_on_the_answer_or_on_its_value(
      String reason, Unanswered reply) {
    String extension = absent(reason);
    for (String answer :
        List.of(
            extension,
            "{\"_valueDecimal\": " + extension + "}",
            "{\"valueQuantity\": " + extension + "}",
            "{\"valueDecimal\": 37, \"_valueDecimal\": " + extension + "}")) {
      Answers answers = taken(response(item("temperature", answer)), MODEL);
      assertThat(answers.replies()).isEqualTo(Map.of("temperature", reply));
      assertThat(answers.answered()).isEmpty();
      assertThat(observations(answers)).isEmpty();
    }
    assertThat(taken(response(group("one", item("acr", extension))), MODEL).replies())
        .isEqualTo(Map.of("acr", reply));
  }

  @Test
  void an_answer_that_nobody_was_asked_for_is_none() {
    for (ObjectNode item :
        List.of(
            item("temperature", absent("not-asked")),
            item("temperature"),
            item(
                "temperature",
                "{\"extension\": [ {\"url\": \"urn:x\", \"valueCode\": \"asked-unknown\"} ]}"))) {
      Answers answers = taken(response(item), MODEL);
      assertThat(answers.replies()).isEmpty();
      assertThat(answers.answered()).isEmpty();
      assertThat(observations(answers)).isEmpty();
    }
  }

  @Test
  void facts_of_the_patient_are_taken_whether_or_not_the_model_names_them() {
    Answers answers =
        taken(
            response(
                item("age", "{\"valueDate\": \"1960-02\"}"),
                item("sex", "{\"valueCoding\": {\"code\": \"male\"}}"),
                item(
                    "race",
                    "{\"valueCoding\": {\"system\": \"urn:oid:2.16.840.1.113883.6.238\", \"code\": \"2028-9\"}}")),
            MODEL);
    String source = answers.addition().at("/entry/0/fullUrl").asString();
    assertThat(answers.patient())
        .isEqualTo(
            new PatientAnswers(
                new Told("1960-02", source), new Told("male", source), new Told("asian", source)));
    assertThat(
            taken(response(item("sex", "{\"valueCoding\": {\"code\": \"unknown\"}}")), MODEL)
                .replies())
        .isEqualTo(Map.of("sex", Unanswered.NOT_KNOWN));
  }

  @Test
  void facts_of_the_patient_of_the_wrong_kind_are_refused() {
    for (ObjectNode item :
        List.of(
            item("age", "{\"valueDecimal\": 67}"),
            item("age", "{\"valueString\": \"1960-01-01\"}"),
            item("sex", "{\"valueCoding\": {\"code\": \"purple\"}}"),
            item("sex", "{\"valueString\": \"male\"}"),
            item("race", "{\"valueCoding\": {\"system\": \"urn:x\", \"code\": \"2028-9\"}}"))) {
      Finding finding = refusal(item);
      assertThat(finding.code()).isEqualTo("value");
      assertThat(finding.expression()).isEqualTo("QuestionnaireResponse.item[0].answer[0]");
      assertThat(finding.message()).doesNotContain("purple");
    }
  }

  @Test
  void somebody_elses_facts_are_not_the_patients() {
    ObjectNode response =
        response(
            item("age", "{\"valueDate\": \"1960-02-01\"}"), item("temperature", decimal("37")));
    response.putObject("subject").put("reference", "Patient/other");
    Answers answers =
        ((Extraction.Result.Taken) Extraction.of(response, MODEL, false, Given.NOW)).answers();
    assertThat(answers.patient()).isEqualTo(PatientAnswers.NONE);
    assertThat(answers.replies()).isEqualTo(Map.of("age", Unanswered.WRONG_SUBJECT));
    assertThat(observations(answers).getFirst().at("/subject/reference").asString())
        .isEqualTo("Patient/other");
  }
}
