package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import ca.uhn.fhir.validation.SingleValidationMessage;
import java.util.List;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;

/** What HAPI's validator says of a resource, with nothing from outside the class path. */
final class Oracle {
  private static final FhirValidator VALIDATOR = validator();

  private Oracle() {}

  // Deprecated for the validator's own setting, which HAPI's adapter does not expose.
  @SuppressWarnings("deprecation")
  private static FhirValidator validator() {
    FhirContext context = FhirContext.forR4();
    var unknown = new UnknownCodeSystemWarningValidationSupport(context);
    unknown.setNonExistentCodeSystemSeverity(IssueSeverity.WARNING);
    var instances =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                unknown));
    instances.setErrorForUnknownProfiles(false);
    instances.setAnyExtensionsAllowed(true);
    instances.setAssumeValidRestReferences(true);
    instances.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    instances.setNoExtensibleWarnings(true);
    return context.newValidator().registerValidatorModule(instances);
  }

  /** What rejects a resource. */
  static List<String> errors(String json) {
    List<SingleValidationMessage> messages;
    try {
      messages = VALIDATOR.validateWithResult(json).getMessages();
    } catch (RuntimeException e) {
      return List.of("It could not finish");
    }
    return messages.stream()
        .filter(message -> message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
        .map(SingleValidationMessage::getMessage)
        .map(message -> requireNonNull(message))
        .toList();
  }

  /** What is wrong with one value of a primitive type, as it is written in JSON. */
  static List<String> ofPrimitive(String type, String json) {
    String property = "value" + Character.toUpperCase(type.charAt(0)) + type.substring(1);
    return errors(
        """
        {"resourceType":"Parameters","parameter":[{"name":"p","%s":%s}]}"""
            .formatted(property, json));
  }

  static List<String> ofNarrative(String jsonString) {
    return errors(
        """
        {"resourceType":"Basic","code":{"text":"x"},"text":{"status":"generated","div":%s}}"""
            .formatted(jsonString));
  }

  static List<String> ofUnit(String jsonString) {
    return errors(
        """
        {"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":
        {"value":1,"system":"http://unitsofmeasure.org","code":%s}}"""
            .formatted(jsonString));
  }
}
