package org.clinisandbox.fhir.differential;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.clinisandbox.fhir.Finding;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import tools.jackson.databind.JsonNode;

/** Where the two validators may differ. Every other difference is a mistake of ours. */
final class KnownDifferences {
  /** Who goes by the specification. */
  enum Right {
    HAPI,
    OURS,
    /** It says nothing, or may be read in both ways. */
    BOTH
  }

  /** One difference, its reason, and the judgements that it explains. */
  record Known(String name, Right right, String reason, Predicate<Judgement> explains) {}

  private static final Pattern AUTHORING =
      Pattern.compile(
          "ERROR_GENERATING_SNAPSHOT$|VALIDATION_HL7_|CONCEPTMAP_GROUP_|VALUESET_INCLUDE_|SD_|ED_|SM_"
              + "|IG_");
  private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F]");
  private static final Pattern RESTFUL =
      Pattern.compile("([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(/_history/[A-Za-z0-9.-]{1,64})?(#.*)?");
  private static final Pattern VERSIONED_SYSTEM = Pattern.compile("\"system\":\"[^\"]*[|#?]");
  private static final Set<String> TYPES = FhirContext.forR4Cached().getResourceTypes();
  private static final Pattern TIME_WITH_FRACTION =
      Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d:([0-5]\\d|60)\\.\\d+");

  static final List<Known> ALL =
      List.of(
          new Known(
              "local references lead somewhere",
              Right.OURS,
              "R4 lets a reference be to something outside, but a urn:uuid: or #id names nothing"
                  + " there; the product refuses what leads nowhere in every type of bundle.",
              rejectsOnly((f, value) -> f.code().equals("not-found"))),
          new Known(
              "HAPI throws",
              Right.BOTH,
              "It fails with the bundle, which says nothing of the bundle.",
              acceptsWhere(m -> m.id().equals(Oracle.THREW))),
          new Known(
              "HAPI's advice to authors of definitions",
              Right.BOTH,
              "It tries to use definitions, and fails for want of HL7's package; and it knows rules"
                  + " of HL7's house. R4's definitions of these resources have no such rules.",
              j ->
                  j.isFalseAcceptance()
                      && j.verdict().messages().stream()
                          .allMatch(
                              m ->
                                  AUTHORING.matcher(m.id()).lookingAt()
                                      || Words.general(j.bundle(), m.place())
                                          .startsWith("StructureDefinition"))),
          new Known(
              "categories of vital signs",
              Right.HAPI,
              "Its profile wants the category vital-signs; the product tells a vital sign by its"
                  + " code, and takes one that is filed elsewhere.",
              acceptsOnly("Validation_VAL_Profile_Minimum_SLICE")),
          new Known(
              "profiles that are not of vital signs",
              Right.HAPI,
              "HL7's other profiles are for authors of definitions and for genetics; what names one"
                  + " in meta.profile is held against its base alone.",
              acceptsOnly("Validation_VAL_Profile_", "CODESYSTEM_CS_HL7_", "_DT_Fixed_Wrong")),
          new Known(
              "extensions that go by a profile's address",
              Right.HAPI,
              "The address is not one of an extension that HL7 defines, so it may be anybody's.",
              acceptsWhere(m -> m.toString().contains("shareablevalueset"))),
          new Known(
              "HL7's case bundle-urn",
              Right.HAPI,
              "A document whose entries refer to one another by other addresses than theirs, with"
                  + " an extension whose address is spelled in another case.",
              j -> j.isFalseAcceptance() && j.example().name().endsWith("bundle-urn.json")),
          new Known(
              "code systems written with a version",
              Right.HAPI,
              "What follows a bar in Coding.system is a version to HAPI; here it makes another"
                  + " system, which nobody knows.",
              j ->
                  acceptsOnly("Terminology_PassThrough_TX_Message").test(j)
                      && VERSIONED_SYSTEM.matcher(j.bundle().toString()).find()),
          new Known(
              "que-12 as it was meant",
              Right.BOTH,
              "HL7's expression says more than two conditions where its words say more than one.",
              acceptsOnly("http://hl7.org/fhir/StructureDefinition/Questionnaire#que-12")),
          new Known(
              "resources without content",
              Right.OURS,
              "A resource of a type alone is one; HAPI takes it for none.",
              acceptsOnly("http://hl7.org/fhir/StructureDefinition/Bundle#bdl-5")),
          new Known(
              "how a document or message hangs together",
              Right.BOTH,
              "HAPI follows every link of documents, messages and search results; the product reads"
                  + " the data of a patient, wherever in the bundle it stands.",
              acceptsOnly("BUNDLE_", "Bundle_BUNDLE_")),
          new Known(
              "links inside of narratives",
              Right.BOTH,
              "Where a link or an image of a narrative leads is nothing that a model sees.",
              acceptsOnly("TEXT_LINK_", "Type_Specific_Checks_DT_XHTML_Resolve")),
          new Known(
              "sizes and hashes of attachments",
              Right.HAPI,
              "An attachment is stored and never opened.",
              acceptsOnly("TYPE_SPECIFIC_CHECKS_DT_ATT_")),
          new Known(
              "other documents",
              Right.BOTH,
              "HAPI looks a questionnaire, a measure's library, an operation's profile or another"
                  + " version's extension up; whatever is not in the bundle is not known here.",
              acceptsOnly(
                  "Questionnaire_QR_",
                  "MEASURE_",
                  "OPDEF_",
                  "Extension_EXT_Version_Invalid",
                  "TYPE_SPECIFIC_CHECKS_CANONICAL_",
                  "RESOURCE_MATCHETYPE_",
                  "VALUESET_INCLUDE_")),
          new Known(
              "codes said to be absent",
              Right.BOTH,
              "An extension may stand for a code; HAPI wants the code where a list is required.",
              acceptsOnly("Terminology_TX_Code_ValueSet_MISSING", "Terminology_TX_NoValid_1_CC")),
          new Known(
              "languages and types of expressions",
              Right.BOTH,
              "Bound to lists that may be extended.",
              acceptsWhere(m -> m.place().endsWith(".language"))),
          new Known(
              "extensions beside the primitives of an array",
              Right.OURS,
              "Both arrays have the same length (json.html); HAPI fills the shorter one up.",
              rejectsOnly((f, value) -> f.message().endsWith("differ in length."))),
          new Known(
              "control characters",
              Right.OURS,
              "Strings have none but tabs and line ends (datatypes.html#string); HAPI warns.",
              rejectsOnly(
                  (f, value) -> value.isString() && CONTROL.matcher(value.stringValue()).find())),
          new Known(
              "blank values",
              Right.OURS,
              "The patterns of all types but string and markdown forbid white space; HAPI warns.",
              rejectsOnly((f, value) -> value.isString() && value.stringValue().isBlank())),
          new Known(
              "empty arrays of primitives",
              Right.OURS,
              "No array is empty (json.html); HAPI says so of those of objects.",
              rejectsOnly((f, value) -> value.isArray() && value.isEmpty())),
          new Known(
              "numbers as they are written",
              Right.OURS,
              "The patterns of the integer types have no point and no exponent; HAPI gets the"
                  + " number written again, without them.",
              rejectsOnly((f, value) -> value.isBigDecimal())),
          new Known(
              "narratives that are no XML",
              Right.OURS,
              "A div is well-formed XML without a document type (narrative.html); HAPI mends it.",
              rejectsOnly(
                  (f, value) ->
                      f.expression().endsWith(".div")
                          && value.isString()
                          && !isXml(value.stringValue()))),
          new Known(
              "references that are no address of a resource",
              Right.BOTH,
              "A relative reference is Type/id in REST (references.html); HAPI takes any text.",
              rejectsOnly(
                  (f, value) ->
                      f.expression().endsWith(".reference")
                          && value.isString()
                          && !isAddress(value.stringValue()))),
          new Known(
              "fractions in a time",
              Right.OURS,
              "The pattern of time has a fraction of a second; HAPI refuses it.",
              j ->
                  j.isFalseAcceptance()
                      && j.verdict().messages().stream()
                          .allMatch(
                              m ->
                                  m.id().equals("Type_Specific_Checks_DT_Time_Valid")
                                      && TIME_WITH_FRACTION
                                          .matcher(Places.at(j.bundle(), m.place()).asString(""))
                                          .matches())),
          new Known(
              "one of value, resource and part",
              Right.OURS,
              "inv-1 of Parameters.parameter, which HAPI does not apply.",
              rejectsOnly(
                  (f, value) -> f.message().startsWith("inv-1: A parameter must have one"))),
          new Known(
              "LOINC and its units",
              Right.OURS,
              "The product's own rules: a LOINC code has its check digit, and the unit of a"
                  + " quantity is of a dimension that its code is measured in.",
              rejectsOnly(
                  (f, value) ->
                      f.message().startsWith("The unit does not fit the LOINC code")
                          || f.message().startsWith("A code has no white space")
                          || (value.path("system").asString("").equals("http://loinc.org")
                              && f.message().startsWith("There is no such code")))),
          new Known(
              "advice and a profile at once",
              Right.BOTH,
              "Each message by itself is explained above.",
              acceptsWhere(
                  m ->
                      AUTHORING.matcher(m.id()).lookingAt()
                          || m.id().startsWith("Validation_VAL_Profile_"))));

  private KnownDifferences() {}

  /** The first one that explains a judgement. */
  static Optional<Known> of(Judgement judgement) {
    return ALL.stream().filter(known -> known.explains().test(judgement)).findFirst();
  }

  /** Whether ours rejects alone, and each of its findings is about such a value. */
  private static Predicate<Judgement> rejectsOnly(BiPredicate<Finding, JsonNode> about) {
    return j ->
        j.isFalseRejection()
            && j.findings().stream()
                .allMatch(f -> about.test(f, Places.at(j.bundle(), f.expression())));
  }

  /** Whether HAPI rejects alone, for messages whose ids begin so. */
  private static Predicate<Judgement> acceptsOnly(String... ids) {
    return acceptsWhere(m -> List.of(ids).stream().anyMatch(m.id()::startsWith));
  }

  /** Whether HAPI rejects alone, for such messages. */
  private static Predicate<Judgement> acceptsWhere(Predicate<Verdict.Message> all) {
    return j -> j.isFalseAcceptance() && j.verdict().messages().stream().allMatch(all);
  }

  private static boolean isAddress(String reference) {
    Matcher restful = RESTFUL.matcher(reference);
    return reference.contains(":")
        || reference.startsWith("#")
        || reference.contains("?")
        || (restful.matches() && TYPES.contains(restful.group(1)));
  }

  private static boolean isXml(String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null);
      builder.parse(new InputSource(new StringReader(text)));
      return true;
    } catch (SAXException e) {
      return false;
    } catch (IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }
}
