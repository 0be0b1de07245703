package org.clinisandbox.fhir.path;

import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** R4's types, as far as names and JSON tell them. */
final class Types {
  /** The type of an element that is a date, dateTime or instant. */
  static final String SOME_DATE = "date|dateTime|instant";

  static final Set<String> RESOURCES =
      words(
          """
          Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
          AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement
          CarePlan CareTeam CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse
          ClinicalImpression CodeSystem Communication CommunicationRequest CompartmentDefinition
          Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
          CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest
          DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference DomainResource
          EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse
          EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario
          ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
          HealthcareService ImagingStudy Immunization ImmunizationEvaluation
          ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List
          Location Measure MeasureReport Media Medication MedicationAdministration
          MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement
          MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication
          MedicinalProductIndication MedicinalProductIngredient MedicinalProductInteraction
          MedicinalProductManufactured MedicinalProductPackaged MedicinalProductPharmaceutical
          MedicinalProductUndesirableEffect MessageDefinition MessageHeader MolecularSequence
          NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition
          OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice
          PaymentReconciliation Person PlanDefinition Practitioner PractitionerRole Procedure
          Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
          ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject Resource
          RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen
          SpecimenDefinition StructureDefinition StructureMap Subscription Substance
          SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation
          SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task
          TerminologyCapabilities TestReport TestScript ValueSet VerificationResult
          VisionPrescription
          """);

  static final Set<String> PRIMITIVES =
      words(
          """
          base64Binary boolean canonical code date dateTime decimal id instant integer markdown oid
          positiveInt string time unsignedInt uri url uuid xhtml
          """);

  static final Set<String> COMPLEX =
      words(
          """
          Address Age Annotation Attachment BackboneElement CodeableConcept Coding ContactDetail
          ContactPoint Contributor Count DataRequirement Distance Dosage Duration Element
          ElementDefinition Expression Extension HumanName Identifier MarketingStatus Meta Money
          Narrative ParameterDefinition Period Population ProdCharacteristic ProductShelfLife
          Quantity Range Ratio Reference RelatedArtifact SampledData Signature SubstanceAmount
          Timing TriggerDefinition UsageContext
          """);

  static boolean isDatatype(String name) {
    return PRIMITIVES.contains(name) || COMPLEX.contains(name);
  }

  private static final Set<String> SYSTEM =
      Set.of("Boolean", "String", "Integer", "Decimal", "Date", "DateTime", "Time", "Quantity");

  /** Elements whose JSON name has the type appended. */
  static final Set<String> CHOICES =
      words(
          """
          abatement additive age allowed amount answer asNeeded author born bounds characteristic
          chargeItem code collected content created date deceased defaultValue definingSubstance
          definition detail diagnosis dose doseNumber due effective entity event example
          fastingStatus fixed identified indication item legallyBinding location manufacturer
          maxValue medication minValue minimumVolume module multipleBirth name occurred occurrence
          offset onset participantEffective pattern performed probability procedure product quantity
          rate reported scheduled seriesDoses serviced source start statusReason studyEffective
          subject substance target time timing topic used value when
          """);

  /** Names that look like a choice with its type and are not. */
  private static final Set<String> NO_CHOICES =
      Set.of("dateRange", "effectiveDate", "effectiveTime");

  /**
   * Elements that are a date, dateTime or instant. Of {@code value} that is true in one place of R4
   * that no patient's record has, and in every other it is not.
   */
  static final Set<String> DATES =
      words(
          """
          approvalDate authored authoredOn birthDate created creation date dateAsserted
          dateOfFirstAuthorization dateTime dateWritten detected effectiveDate effectiveTime end
          enteredDate event expirationDate expiry ifModifiedSince internationalBirthDate issued
          lastModified lastOccurrence lastPerformed lastReviewDate lastUpdated lockedDate
          manufactureDate nextScheduled occurrenceDateTime onset paymentDate presentationDate
          publicationDate received receivedTime recorded recordedDate recordedOn releaseDate
          restoreDate sent start started statusDate time timestamp validTo validationDate
          verificationDate when whenHandedOver whenPrepared
          """);

  private static final Map<String, String> BASES =
      Map.ofEntries(
          Map.entry("code", "string"),
          Map.entry("id", "string"),
          Map.entry("markdown", "string"),
          Map.entry("url", "uri"),
          Map.entry("canonical", "uri"),
          Map.entry("uuid", "uri"),
          Map.entry("oid", "uri"),
          Map.entry("unsignedInt", "integer"),
          Map.entry("positiveInt", "integer"),
          Map.entry("Age", "Quantity"),
          Map.entry("Count", "Quantity"),
          Map.entry("Distance", "Quantity"),
          Map.entry("Duration", "Quantity"),
          Map.entry("Bundle", "Resource"),
          Map.entry("Binary", "Resource"),
          Map.entry("Parameters", "Resource"),
          Map.entry("DomainResource", "Resource"));

  private Types() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  /** A type that an expression names. */
  record Name(String name, boolean system) {}

  /** FHIR's types are searched before FHIRPath's own; null when neither has it. */
  static @Nullable Name name(@Nullable String model, String name) {
    boolean fhir = RESOURCES.contains(name) || PRIMITIVES.contains(name) || COMPLEX.contains(name);
    if (fhir && !"System".equals(model)) {
      return new Name(name, false);
    }
    return SYSTEM.contains(name) && !"FHIR".equals(model) ? new Name(name, true) : null;
  }

  /** The type that an element's JSON name and value tell; null when they do not. */
  static @Nullable String of(String key, @Nullable JsonNode json) {
    JsonNode resource = json == null ? null : json.get("resourceType");
    if (resource != null && resource.isString()) {
      return resource.stringValue();
    }
    if (json != null && json.isBoolean()) {
      return "boolean";
    }
    if (DATES.contains(key)) {
      return json == null || json.isString() ? SOME_DATE : null;
    }
    for (int end = key.length() - 1; end > 0; end--) {
      if (Character.isUpperCase(key.charAt(end)) && CHOICES.contains(key.substring(0, end))) {
        String type = choice(key, end, json);
        if (type != null) {
          return type;
        }
      }
    }
    return null;
  }

  /** The type at the end of a choice's JSON name; null when it is no choice. */
  static @Nullable String choice(String key, int base, @Nullable JsonNode json) {
    String type = key.substring(base);
    if (NO_CHOICES.contains(key) || (json != null && json.isArray())) {
      return null;
    }
    if (COMPLEX.contains(type)) {
      return json != null && json.isObject() ? type : null;
    }
    type = Character.toLowerCase(type.charAt(0)) + type.substring(1);
    return PRIMITIVES.contains(type) && (json == null || !json.isObject()) ? type : null;
  }

  /** Whether an item is of a type or of one made from it. */
  static boolean is(Item item, Name wanted) {
    return switch (item) {
      case Bool _ -> literal("Boolean", wanted);
      case Num n -> literal(n.whole() ? "Integer" : "Decimal", wanted);
      case Text _ -> literal("String", wanted);
      case Moment m -> literal(m.kind().type(), wanted);
      case Amount _ -> wanted.name().equals("Quantity");
      case Node n -> !wanted.system() && is(n, wanted.name());
    };
  }

  private static boolean literal(String type, Name wanted) {
    return wanted.system() && wanted.name().equals(type);
  }

  private static boolean is(Node node, String wanted) {
    String type = node.type();
    if (type != null && !type.equals(SOME_DATE)) {
      return descends(type, wanted);
    }
    if (wanted.equals("Element")) {
      return true;
    }
    if (RESOURCES.contains(wanted)) {
      return false;
    }
    JsonNode json = node.json();
    if (json != null && COMPLEX.contains(wanted) != json.isObject()) {
      return false;
    }
    if (json != null && json.isNumber() != isNumber(wanted) && !json.isObject()) {
      return false;
    }
    if (json != null && json.isString() && wanted.equals("boolean")) {
      return false;
    }
    throw new Stop(Cause.UNTYPED);
  }

  private static boolean isNumber(String type) {
    return type.equals("decimal") || descends(type, "integer");
  }

  private static boolean descends(String type, String wanted) {
    String at = type;
    while (!at.equals(wanted)) {
      String base = BASES.get(at);
      if (base == null) {
        base = at.equals("Resource") || at.equals("Element") ? null : root(at);
      }
      if (base == null) {
        return false;
      }
      at = base;
    }
    return true;
  }

  private static String root(String type) {
    return RESOURCES.contains(type) ? "DomainResource" : "Element";
  }
}
