package org.clinisandbox.fhir.validation;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How each invariant is tested. Most are HL7's own FHIRPath expressions, compiled. Those that
 * nearly every bundle has to hold against, and those that need what a rule's language lacks, are
 * written in Java, and tested to say the same.
 */
final class Rules {
  /** What the walk itself sees to: shapes, narratives, contained resources, references. */
  private static final Set<String> OF_THE_WALK =
      Set.of("ctm-1", "dom-2", "dom-3", "dom-4", "dom-5", "ref-1", "txt-1", "txt-2");

  private static final String OF_FHIR = "http://hl7.org/fhir/StructureDefinition";
  private static final String SYSTEM_TYPE =
      "http:\\/\\/hl7\\.org\\/fhirpath\\/System\\.[A-Z][A-Za-z]+";
  private static final Pattern DIFFERENTIAL_TYPE = Pattern.compile("[a-zA-Z0-9]+|" + SYSTEM_TYPE);
  private static final Pattern SNAPSHOT_TYPE = Pattern.compile("[a-zA-Z0-9\\.]+|" + SYSTEM_TYPE);

  private static final Pattern SLICE_NAME = Pattern.compile("^[a-zA-Z0-9\\/\\-_\\[\\]\\@]+$");
  private static final int LONGEST_PATH = 1000;
  private static final Pattern PATH =
      Pattern.compile(
          "[^\\s.,:;'\"/|?!@#$%&*()\\[\\]{}]{1,64}(\\.[^\\s.,:;'\"/|?!@#$%&*()\\[\\]{}]{1,64}"
              + "(\\[x\\])?(:[^\\s.]+)?)*");

  private static final Set<String> HAVE_REQUESTS = Set.of("batch", "transaction", "history");
  private static final Set<String> HAVE_RESPONSES =
      Set.of("batch-response", "transaction-response", "history");

  private static final String CLINICAL_STATUS =
      "http://terminology.hl7.org/CodeSystem/condition-clinical";

  private static final String VERIFICATION_STATUS =
      "http://terminology.hl7.org/CodeSystem/condition-ver-status";

  /** Characters of a time before what is less than a second, and its zone. */
  private static final int SECONDS = "2026-01-01T00:00:00".length();

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  /** Events that are a span of time, of the code system event-timing. */
  private static final Set<String> MEALS = Set.of("C", "CM", "CD", "CV");

  private static final Map<String, Rule.Test> IN_JAVA =
      Map.ofEntries(
          Map.entry(
              "ext-1", (e, type, scope) -> Tree.has(e, "extension") != (Tree.value(e) != null)),
          Map.entry(
              "qty-3",
              (e, type, scope) -> !Tree.hasPrimitive(e, "code") || Tree.hasPrimitive(e, "system")),
          Map.entry(
              "obs-6",
              (e, type, scope) -> !Tree.has(e, "dataAbsentReason") || Tree.value(e) == null),
          Map.entry("bdl-3", (e, type, scope) -> all(e, "request", HAVE_REQUESTS)),
          Map.entry("bdl-4", (e, type, scope) -> all(e, "response", HAVE_RESPONSES)),
          Map.entry("rng-2", (e, type, scope) -> isOrdered(e)),
          Map.entry("ras-2", (e, type, scope) -> isAtMost(e.get("probabilityDecimal"), HUNDRED)),
          Map.entry(
              "que-7",
              (e, type, scope) ->
                  !"exists".equals(Tree.text(e, "operator"))
                      || Tree.hasPrimitive(e, "answerBoolean")),
          Map.entry("tim-9", (e, type, scope) -> isOffsetFromAnEvent(e)),
          // Without a fullUrl the expression comes to nothing, which is not meant as a failure.
          Map.entry(
              "bdl-8",
              (e, type, scope) -> {
                String fullUrl = Tree.text(e, "fullUrl");
                return fullUrl == null || !fullUrl.contains("/_history/");
              }),
          Map.entry("bdl-7", (e, type, scope) -> areDistinct(e)),
          Map.entry("sdf-8a", (e, type, scope) -> areOfOneType(e, scope.resource())),
          Map.entry("sdf-19", (e, type, scope) -> areTypesOfFhir(e)),
          Map.entry("eld-16", (e, type, scope) -> matches(e, "sliceName", SLICE_NAME)),
          Map.entry("eld-19", (e, type, scope) -> matches(e, "path", PATH)));

  private static final Set<String> ABATED = Set.of("resolved", "remission", "inactive");

  /**
   * What tells of most elements, at little cost, that an expression holds for them. The rest ask
   * the expression.
   */
  private static final Map<String, Rule.Test> SURELY =
      Map.of(
          "att-1", (e, type, scope) -> !Tree.hasPrimitive(e, "data"),
          "bdl-5", (e, type, scope) -> Tree.has(e, "resource"),
          "con-4",
              (e, type, scope) -> isCoded(e, "clinicalStatus", CLINICAL_STATUS, ABATED::contains),
          "con-5",
              (e, type, scope) ->
                  isCoded(
                      e,
                      "verificationStatus",
                      VERIFICATION_STATUS,
                      code -> !code.equals("entered-in-error")),
          "obs-7", (e, type, scope) -> !Tree.has(e, "component"),
          "per-1", (e, type, scope) -> isInOrder(Tree.text(e, "start"), Tree.text(e, "end")));

  private Rules() {}

  /** Whether an element asks it, rather than the walk by its own means. */
  static boolean isAsked(String key) {
    return !OF_THE_WALK.contains(key);
  }

  static Rule rule(String key, String expression, String human) {
    Rule.Test test = IN_JAVA.get(key);
    return new Rule(key, human, test != null ? test : asked(key, new Expression(expression)));
  }

  private static Rule.Test asked(String key, Expression expression) {
    Rule.Test surely = SURELY.get(key);
    return surely == null
        ? expression
        : (e, type, scope) -> surely.holds(e, type, scope) || expression.holds(e, type, scope);
  }

  /** Whether a concept has one coding, of this code system and with such a code. */
  private static boolean isCoded(
      JsonNode holder, String concept, String system, Predicate<String> wanted) {
    JsonNode codings = holder.path(concept).path("coding");
    JsonNode coding = codings.path(0);
    String code = Tree.text(coding, "code");
    return codings.size() == 1
        && code != null
        && wanted.test(code)
        && system.equals(Tree.text(coding, "system"));
  }

  /** Whether two times, written alike to the second and behind it, are in this order. */
  private static boolean isInOrder(@Nullable String first, @Nullable String second) {
    return first != null
        && second != null
        && first.length() == second.length()
        && first.length() > SECONDS
        && first.startsWith(second.substring(SECONDS), SECONDS)
        && first.compareTo(second) <= 0;
  }

  /** Quantities of different units, or without values, can't be told apart. */
  private static boolean isOrdered(JsonNode range) {
    JsonNode low = range.path("low");
    JsonNode high = range.path("high");
    boolean sameUnit =
        low.path("system").equals(high.path("system"))
            && low.path("code").equals(high.path("code"))
            && low.path("unit").equals(high.path("unit"));
    return !sameUnit
        || !high.path("value").isNumber()
        || isAtMost(low.get("value"), high.path("value").decimalValue());
  }

  private static boolean isAtMost(@Nullable JsonNode number, BigDecimal most) {
    return number == null || !number.isNumber() || number.decimalValue().compareTo(most) <= 0;
  }

  private static boolean isOffsetFromAnEvent(JsonNode repeat) {
    if (!Tree.hasPrimitive(repeat, "offset")) {
      return true;
    }
    for (JsonNode when : repeat.path("when")) {
      if (when.isString() && MEALS.contains(when.stringValue())) {
        return false;
      }
    }
    return Tree.hasPrimitive(repeat, "when");
  }

  private static boolean all(JsonNode bundle, String part, Set<String> types) {
    String type = Tree.text(bundle, "type");
    boolean wanted = type != null && types.contains(type);
    for (JsonNode entry : bundle.path("entry")) {
      if (Tree.has(entry, part) != wanted) {
        return false;
      }
    }
    return true;
  }

  /** Whether the paths of a differential begin with the definition's type, or one of its own. */
  private static boolean areOfOneType(JsonNode differential, JsonNode definition) {
    JsonNode elements = differential.path("element");
    String first = Tree.text(elements.path(0), "path");
    String type = Tree.text(definition, "type");
    if (first == null
        || type == null
        || !("logical".equals(Tree.text(definition, "kind")) || first.startsWith(type))) {
      return false;
    }
    int dot = first.indexOf('.');
    String start = (dot < 0 ? first : first.substring(0, dot)) + ".";
    for (int i = 1; i < elements.size(); i++) {
      String path = Tree.text(elements.path(i), "path");
      if (path == null || !path.startsWith(start)) {
        return false;
      }
    }
    return true;
  }

  private static boolean areTypesOfFhir(JsonNode definition) {
    String url = Tree.text(definition, "url");
    return url == null
        || !url.startsWith(OF_FHIR)
        || (areTypes(definition.path("differential"), DIFFERENTIAL_TYPE)
            && areTypes(definition.path("snapshot"), SNAPSHOT_TYPE));
  }

  private static boolean areTypes(JsonNode elements, Pattern pattern) {
    for (JsonNode element : elements.path("element")) {
      for (JsonNode type : element.path("type")) {
        if (!matches(type, "code", pattern)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean areDistinct(JsonNode bundle) {
    if ("history".equals(Tree.text(bundle, "type"))) {
      return true;
    }
    Set<String> seen = new HashSet<>();
    for (JsonNode entry : bundle.path("entry")) {
      String fullUrl = Tree.text(entry, "fullUrl");
      if (fullUrl != null) {
        String version = Tree.text(entry.path("resource").path("meta"), "versionId");
        if (!seen.add(version == null ? fullUrl : fullUrl + version)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean matches(JsonNode holder, String name, Pattern pattern) {
    String text = Tree.text(holder, name);
    return text == null || (text.length() <= LONGEST_PATH && pattern.matcher(text).matches());
  }
}
