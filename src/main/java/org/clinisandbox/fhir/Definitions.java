package org.clinisandbox.fhir;

import static java.util.Objects.requireNonNull;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport.IssueSeverity;
import ca.uhn.fhir.validation.IValidationContext;
import ca.uhn.fhir.validation.ValidationContext;
import ca.uhn.fhir.validation.ValidationOptions;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.UnknownCodeSystemWarningValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.ValueSet;
import org.hl7.fhir.r5.utils.validation.constants.BestPracticeWarningLevel;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The R4 definitions that HAPI ships, its validator over them, and the names that occur in them.
 * Nothing is ever fetched: there is no remote support in the chain. Loading takes seconds, and the
 * loaded definitions some 200 MB.
 */
final class Definitions {
  /** Their loggers quote what they validate, so no logging set-up may switch them on. */
  private static final List<String> QUIET = List.of("ca.uhn.fhir", "org.hl7.fhir");

  private final FhirContext context;
  private final Validator validator;
  private final Set<String> names = new HashSet<>();
  private final Map<String, String> rules = new HashMap<>();

  Definitions() {
    QUIET.forEach(Definitions::silence);
    context = FhirContext.forR4();
    DefaultProfileValidationSupport r4 = new DefaultProfileValidationSupport(context);
    validator =
        new Validator(
            new ValidationSupportChain(
                r4,
                new InMemoryTerminologyServerValidationSupport(context),
                new CommonCodeSystemsTerminologyService(context),
                unknownSystemsAreWarnings(context)));
    validator.setErrorForUnknownProfiles(false);
    validator.setAnyExtensionsAllowed(true);
    validator.setAssumeValidRestReferences(true);
    // Recommendations never reject, and HAPI's time grows with the square of its messages.
    validator.setBestPracticeWarningLevel(BestPracticeWarningLevel.Ignore);
    validator.setNoExtensibleWarnings(true);
    // Each kind is loaded at the first question about it; only then are all of them listed.
    requireNonNull(r4.fetchStructureDefinition("http://hl7.org/fhir/StructureDefinition/Bundle"));
    requireNonNull(r4.fetchValueSet("http://hl7.org/fhir/ValueSet/administrative-gender"));
    requireNonNull(r4.fetchAllConformanceResources()).forEach(this::collect);
  }

  /** HAPI's raw messages, of every severity, with the bundle's values in them. */
  List<ValidationMessage> validate(String phiJson) {
    return validator.validate(ValidationContext.forText(context, phiJson, new ValidationOptions()));
  }

  /** Whether it is the name, path, type or canonical address of something that R4 defines. */
  boolean isName(String text) {
    return names.contains(text);
  }

  /** What an invariant demands, by {@code canonical#key}; null when R4 has no such one. */
  @Nullable String rule(String id) {
    return rules.get(id);
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
    support.setNonExistentCodeSystemSeverity(IssueSeverity.WARNING);
    return support;
  }

  private void collect(IBaseResource resource) {
    switch (resource) {
      case StructureDefinition d -> {
        canonical(d.getUrl(), d.getVersion(), d.getName(), d.getTitle());
        names.add(d.getType());
        d.getSnapshot().getElement().forEach(e -> element(d.getUrl(), e));
      }
      case ValueSet v -> canonical(v.getUrl(), v.getVersion(), v.getName(), v.getTitle());
      case CodeSystem c -> canonical(c.getUrl(), c.getVersion(), c.getName(), c.getTitle());
      default -> {}
    }
  }

  private void canonical(
      @Nullable String url,
      @Nullable String version,
      @Nullable String name,
      @Nullable String title) {
    if (url == null) {
      return;
    }
    String versioned = url + "|" + version;
    names.add(url);
    names.add(versioned);
    for (String word : new @Nullable String[] {name, title}) {
      if (word != null) {
        // How HAPI writes a value set.
        names.add("'" + word + "' (" + versioned + ")");
      }
    }
  }

  private void element(String url, ElementDefinition element) {
    String path = element.getPath();
    names.add(path);
    names.add(path.substring(path.lastIndexOf('.') + 1));
    element.getType().forEach(type -> names.add(type.getCode()));
    element
        .getConstraint()
        .forEach(
            rule -> {
              String source = rule.hasSource() ? rule.getSource() : url;
              rules.putIfAbsent(source + "#" + rule.getKey(), rule.getHuman());
              rules.putIfAbsent(url + "#" + rule.getKey(), rule.getHuman());
            });
  }

  /** Gives the messages with their issue types, which the public way through HAPI drops. */
  private static final class Validator extends FhirInstanceValidator {
    Validator(IValidationSupport support) {
      super(support);
    }

    @Override
    protected List<ValidationMessage> validate(IValidationContext<?> resource) {
      return super.validate(resource);
    }
  }
}
