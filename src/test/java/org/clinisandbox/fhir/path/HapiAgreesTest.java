package org.clinisandbox.fhir.path;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.fhirpath.IFhirPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.hl7.fhir.instance.model.api.IBase;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.BooleanType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** HAPI's FHIRPath engine for R4 says the same of real records. */
class HapiAgreesTest {
  private static final FhirContext R4 = FhirContext.forR4();
  private static final IFhirPath HAPI = R4.newFhirPath();

  private static final List<String> EXPRESSIONS =
      """
      Bundle.entry.exists()
      Patient.exists()
      entry.resource.count() > 50
      entry.count() = entry.resource.count()
      entry.resource.ofType(Patient).count() = 1
      entry.resource.ofType(Patient).single().active
      entry.resource.ofType(Patient).birthDate.exists()
      entry.resource.ofType(Patient).birthDate < @2000-01-01
      entry.resource.ofType(Patient).birthDate < @1960
      entry.resource.ofType(Patient).birthDate >= @1900-01
      entry.resource.ofType(Patient).birthDate + 18 years <= today()
      entry.resource.ofType(Patient).birthDate + 300 months > @2030-01-01
      entry.resource.ofType(Patient).deceased.exists()
      entry.resource.ofType(Patient).deceased is dateTime
      entry.resource.ofType(Patient).gender = 'female'
      entry.resource.ofType(Patient).gender in ('male' | 'female')
      entry.resource.ofType(Patient).name.given.first().length() > 3
      entry.resource.ofType(Patient).name.first().family.substring(0, 1).upper() = 'M'
      entry.resource.ofType(Patient).name.where(use = 'official').given.count()  = 1
      entry.resource.ofType(Patient).name.family.startsWith('A')
      entry.resource.ofType(Patient).multipleBirth = false
      entry.resource.ofType(Patient).multipleBirth is boolean
      entry.resource.ofType(Patient).extension('http://hl7.org/fhir/us/core/StructureDefinition/us-core-race').exists()
      entry.resource.ofType(Patient).extension('http://hl7.org/fhir/us/core/StructureDefinition/us-core-race').extension('text').value = 'White'
      entry.resource.ofType(Patient).extension.value.ofType(decimal).exists()
      entry.resource.ofType(Patient).address.extension.extension.where(url = 'latitude').value > 40
      entry.resource.ofType(Patient).children().count() > 10
      entry.resource.ofType(Patient).name.descendants().count() > 3
      entry.resource.ofType(Observation).count() > 10
      entry.resource.ofType(Observation).where(value is Quantity).count() > 10
      entry.resource.ofType(Observation).value.ofType(Quantity).count() = 17
      entry.resource.ofType(Observation).value.ofType(Quantity).value.distinct().count() > 10
      entry.resource.ofType(Observation).value.ofType(Quantity).where(value > 100).count() > 5
      entry.resource.ofType(Observation).value.ofType(Quantity).select(value * 2).where($this > 200).count() > 5
      entry.resource.ofType(Observation).value.ofType(Quantity).unit.distinct().count() > 4
      entry.resource.ofType(Observation).where(code.coding.exists(code = '8867-4')).exists()
      entry.resource.ofType(Observation).where(code.coding.exists(system = 'http://loinc.org' and code = '8302-2')).value.first() is Quantity
      entry.resource.ofType(Observation).where(code.coding.code = '29463-7').value.value.first() > 60
      entry.resource.ofType(Observation).component.where(code.coding.code = '8480-6').value.value.all($this > 90)
      entry.resource.ofType(Observation).component.value.ofType(Quantity).count() mod 2 = 0
      entry.resource.ofType(Observation).all(status = 'final')
      entry.resource.ofType(Observation).status.distinct() = 'final'
      entry.resource.ofType(Observation).where(value.empty() and component.empty()).exists()
      entry.resource.ofType(Observation).effective.exists()
      entry.resource.ofType(Observation).where(effective > @2015-01-01).exists()
      entry.resource.ofType(Observation).where(effective > @2026-02-03T04:05:06Z - 24 hours).exists()
      entry.resource.ofType(Observation).where(effective <= issued).count() > 3
      entry.resource.ofType(Observation).first().effective <= entry.resource.ofType(Observation).last().effective
      entry.resource.ofType(Observation).select(code.coding.first().code).isDistinct()
      entry.resource.ofType(Observation).category.coding.code.distinct().count() > 1
      entry.resource.ofType(Observation).value.ofType(Quantity).value.aggregate($this + $total, 0) > 1000
      entry.resource.ofType(Observation).value.ofType(Quantity).value.aggregate(iif($total.empty(), $this, iif($this > $total, $this, $total))) > 150
      entry.resource.ofType(Condition).exists()
      entry.resource.ofType(Condition).code.text.exists($this.contains('iabetes'))
      entry.resource.ofType(Condition).where(clinicalStatus.coding.code = 'active').exists()
      entry.resource.ofType(Condition).where(abatement.exists()).exists()
      entry.resource.ofType(Condition).onset.all($this is dateTime)
      entry.resource.ofType(Condition).where(onset > abatement).empty()
      entry.resource.ofType(Encounter).period.where(start > end).empty()
      entry.resource.ofType(Encounter).period.exists(start + 1 hour >= end)
      entry.resource.ofType(Encounter).class.code.distinct().count() > 1
      entry.resource.ofType(MedicationRequest).medication.ofType(CodeableConcept).exists()
      entry.resource.ofType(MedicationRequest).where(status = 'active').exists()
      entry.resource.ofType(Claim).total.value.first() > 100
      entry.resource.ofType(Procedure).performed.ofType(Period).exists()
      entry.resource.skip(2).take(3).count() = 3
      entry.resource.tail().count() = entry.resource.count() - 1
      entry[0].resource.is(Patient)
      entry[0].resource.is(Observation)
      entry[1].resource.id.exists() and entry[9999].empty()
      entry.fullUrl.isDistinct()
      entry.fullUrl.all($this.startsWith('urn:uuid:'))
      entry.resource.subject.reference.distinct().count() = 1
      entry.resource.where($this is Observation or $this is Condition).exists()
      entry.resource.select(id).count() = entry.resource.id.count()
      entry.resource.code.coding.code.intersect('8302-2' | '29463-7').count() = 2
      entry.resource.code.coding.system.distinct().exclude('http://loinc.org').exists()
      (entry.resource.code | entry.resource.code).count() < entry.resource.code.count()
      entry.resource.code.first() ~ entry.resource.code.first()
      entry.resource.code.first() = entry.resource.code.last()
      entry.resource.meta.lastUpdated.empty()
      entry.resource.nothing.empty()
      Bundle.type = 'collection'
      Bundle.type.replace('l', '').indexOf('e') >= 0
      resourceType.empty()
      %resource.entry.count() = %context.entry.count()
      """
          .lines()
          .toList();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/test/resources/synthea/00_70entries.json",
        "src/test/resources/synthea/03_244entries.json",
        "tests/payloads/sepsis_valid.json",
        "tests/payloads/sepsis_stale.json",
        "tests/payloads/fib4_valid.json",
        "tests/payloads/ckd_epi_valid.json"
      })
  void on_every_expression(String file) {
    JsonNode bundle = Rules.file(file);
    IBaseResource resource = R4.newJsonParser().parseResource(bundle.toString());
    Map<String, String> differences = new TreeMap<>();
    for (String expression : EXPRESSIONS) {
      String ours = Rules.outcome(Rules.evaluate(expression, bundle));
      String theirs = hapi(expression, resource);
      if (!ours.equals(theirs)) {
        differences.put(expression, "ours " + ours + ", HAPI " + theirs);
      }
    }
    assertThat(differences).isEmpty();
  }

  private static String hapi(String expression, IBaseResource resource) {
    List<IBase> found = new ArrayList<>(HAPI.evaluate(resource, expression, IBase.class));
    if (found.isEmpty()) {
      return "EMPTY";
    }
    return found.size() == 1 && found.getFirst() instanceof BooleanType b
        ? String.valueOf(b.booleanValue()).toUpperCase(Locale.ROOT)
        : "NOT_BOOLEAN";
  }
}
