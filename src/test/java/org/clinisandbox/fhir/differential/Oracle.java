package org.clinisandbox.fhir.differential;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.IValidationContext;
import ca.uhn.fhir.validation.ValidationContext;
import ca.uhn.fhir.validation.ValidationOptions;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Objects;
import org.clinisandbox.fhir.Json;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.hl7.fhir.utilities.validation.ValidationMessage.IssueSeverity;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * HAPI's instance validator: the R4 definitions that it ships, no network, any extension, no
 * recommendations; unknown profiles and code systems only warn. Loading takes seconds and some 300
 * MB, so there is one in a process.
 */
public final class Oracle {
  /** What a validator that throws is said to say. */
  static final String THREW = "threw";

  private final FhirContext context;
  private final Validator validator;

  private Oracle() {
    List.of("ca.uhn.fhir", "org.hl7.fhir").forEach(Oracle::silence);
    context = FhirContext.forR4();
    validator =
        new Validator(
            new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                unknownSystemsAreWarnings(context)));
    validator.setErrorForUnknownProfiles(false);
    validator.setAnyExtensionsAllowed(true);
    validator.setAssumeValidRestReferences(true);
    validator.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    validator.setNoExtensibleWarnings(true);
  }

  /** The one of this process. */
  public static Oracle shared() {
    return Holder.ORACLE;
  }

  /** What rejects a resource that is written so; empty when nothing does. */
  public List<String> errors(String json) {
    return verdict(json).messages().stream().map(Verdict.Message::text).toList();
  }

  /** Its verdict of the text that a bundle is written as. */
  Verdict verdict(JsonNode bundle) {
    return verdict(Json.MAPPER.writeValueAsString(bundle));
  }

  Verdict verdict(String json) {
    try {
      return new Verdict(
          validator
              .validate(ValidationContext.forText(context, json, new ValidationOptions()))
              .stream()
              .filter(
                  m -> m.getLevel() == IssueSeverity.ERROR || m.getLevel() == IssueSeverity.FATAL)
              .map(
                  m ->
                      new Verdict.Message(
                          m.getLevel().toCode(),
                          Objects.requireNonNullElse(m.getMessageId(), ""),
                          Objects.requireNonNullElse(m.getLocation(), ""),
                          Objects.requireNonNullElse(m.getMessage(), "")))
              .toList());
    } catch (RuntimeException | StackOverflowError | LinkageError | AssertionError e) {
      return new Verdict(
          List.of(new Verdict.Message("fatal", THREW, "Bundle", e.getClass().getName())));
    }
  }

  private static void silence(String logger) {
    if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
      logback.setLevel(Level.OFF);
    }
  }

  // Deprecated for the validator's own setting, which HAPI's adapter does not expose.
  @SuppressWarnings("deprecation")
  private static IValidationSupport unknownSystemsAreWarnings(FhirContext context) {
    var support = new UnknownCodeSystemWarningValidationSupport(context);
    support.setNonExistentCodeSystemSeverity(IValidationSupport.IssueSeverity.WARNING);
    return support;
  }

  /** Gives the messages with their ids, which the public way through HAPI drops in part. */
  private static final class Validator extends FhirInstanceValidator {
    Validator(IValidationSupport support) {
      super(support);
    }

    @Override
    protected List<ValidationMessage> validate(IValidationContext<?> resource) {
      return super.validate(resource);
    }
  }

  private static final class Holder {
    static final Oracle ORACLE = new Oracle();
  }
}
