package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clinisandbox.fhir.ObservationFact.Subject.UNSTATED;
import static org.clinisandbox.fhir.Samples.bundle;
import static org.clinisandbox.fhir.Samples.entry;
import static org.clinisandbox.fhir.Samples.observation;
import static org.clinisandbox.fhir.Samples.patient;

import org.clinisandbox.fhir.ObservationFact.Subject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SubjectsTest {
  private static final String IDENTIFIED = ",'identifier':[{'system':'http://mrn','value':'7'}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'reference':'urn:uuid:11111111-1111-4111-8111-111111111111'} ; PATIENT",
        "{'reference':'Patient/p1'} ; PATIENT",
        "{'reference':'Patient/p1/_history/3'} ; PATIENT",
        "{'reference':'Patient?identifier=http%3A%2F%2Fmrn%7C7'} ; PATIENT",
        "{'reference':'Patient?identifier=http://mrn|7'} ; PATIENT",
        "{'identifier':{'system':'http://mrn','value':'7'}} ; PATIENT",
        "{'reference':'#me'} ; PATIENT",
        "{'reference':'#you'} ; OTHER",
        "{'reference':'#nobody'} ; OTHER",
        "{'reference':'Patient/p2'} ; OTHER",
        "{'reference':'Patient/p1x'} ; OTHER",
        "{'reference':'xPatient/p1'} ; OTHER",
        "{'reference':'Group/p1'} ; OTHER",
        "{'reference':'http://other.example/Patient/p1'} ; OTHER",
        "{'reference':'Patient?identifier=http://mrn|8'} ; OTHER",
        "{'reference':'Patient?identifier=%zz'} ; OTHER",
        "{'reference':'Patient?name=x'} ; OTHER",
        "{'reference':''} ; OTHER",
        "{'identifier':{'value':'7'}} ; OTHER",
        "{'identifier':{'system':'http://mrn'}} ; OTHER",
        "{'display':'Anna'} ; OTHER",
        "{} ; UNSTATED",
        "null ; UNSTATED",
        "5 ; UNSTATED"
      })
  void a_subject_is_the_bundles_patient_only_when_it_resolves_to_it(String json, Subject expected) {
    JsonNode bundle =
        bundle(
            patient(IDENTIFIED),
            observation(
                1,
                ",'contained':[{'resourceType':'Patient','id':'me'"
                    + IDENTIFIED
                    + "},{'resourceType':'Patient','id':'you'}],'subject':"
                    + json));

    assertThat(subject(bundle)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/fhir/Observation/1, Patient/p1, PATIENT",
    "http://a.example/fhir/Observation/1, http://a.example/fhir/Patient/p1, PATIENT",
    "http://a.example/fhir/Observation/1, http://a.example/fhir/Patient/p1/_history/2, PATIENT",
    "urn:uuid:1, http://a.example/fhir/Patient/p1, PATIENT",
    "urn:uuid:1, Patient/p1, PATIENT",
    "http://b.example/Observation/1, Patient/p1, OTHER",
    "http://a.example/fhir/Observation/1, http://b.example/Patient/p1, OTHER"
  })
  void a_relative_subject_is_seen_from_its_own_server(
      String fullUrl, String reference, Subject expected) {
    JsonNode bundle =
        bundle(
            entry("http://a.example/fhir/Patient/p1", "{'resourceType':'Patient','id':'p1'}"),
            entry(
                fullUrl,
                "{'resourceType':'Observation','id':'1','subject':{'reference':'"
                    + reference
                    + "'}}"));

    assertThat(subject(bundle)).isEqualTo(expected);
  }

  @Test
  void an_observation_without_a_subject_names_nobody() {
    assertThat(subject(bundle(patient(""), observation(1, "")))).isEqualTo(UNSTATED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'reference':'Patient/a'} ; PATIENT",
        "{'reference':'https://a.example/people/5'} ; PATIENT",
        "{'identifier':{'value':'7'}} ; PATIENT",
        "{'reference':'#me'} ; PATIENT",
        "{'reference':'Group/a'} ; OTHER",
        "{'reference':'urn:uuid:dev'} ; OTHER",
        "{'reference':'#pump'} ; OTHER",
        "{'type':'Device','identifier':{'value':'7'}} ; OTHER",
        "{'display':'Anna'} ; OTHER"
      })
  void without_a_patient_the_subject_that_may_be_one_stands_for_it(String json, Subject expected) {
    JsonNode bundle =
        bundle(
            entry("urn:uuid:dev", "{'resourceType':'Device'}"),
            observation(
                1,
                ",'contained':[{'resourceType':'Patient','id':'me'},"
                    + "{'resourceType':'Device','id':'pump'}],'subject':"
                    + json));

    assertThat(subject(bundle)).isEqualTo(expected);
    assertThat(new Subjects(bundle).otherPatients()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{'reference':'Patient/a'} ; {'reference':'Patient/a/_history/1'} ; 0",
        "{'reference':'Patient/a'} ; {'reference':'Device/a'} ; 0",
        "{'reference':'#me'} ; {'reference':'#me'} ; 0",
        "{'identifier':{'value':'7'}} ; {'reference':'Patient?identifier=|7'} ; 0",
        "{'reference':'Patient/a'} ; {'reference':'Patient/b'} ; 1",
        "{'reference':'Patient/a'} ; {'identifier':{'value':'7'}} ; 1",
        "{'reference':'#me'} ; {'reference':'#you'} ; 1"
      })
  void without_a_patient_different_subjects_are_different_patients(
      String one, String other, int findings) {
    String contained =
        ",'contained':[{'resourceType':'Patient','id':'me'},{'resourceType':'Patient','id':'you'}]";
    JsonNode bundle =
        bundle(
            observation(1, contained + ",'subject':" + one),
            observation(2, contained + ",'subject':" + other));

    assertThat(new Subjects(bundle).otherPatients()).hasSize(findings);
  }

  private static Subject subject(JsonNode bundle) {
    Subjects subjects = new Subjects(bundle);
    return subjects.of(subjects.located().getFirst());
  }
}
