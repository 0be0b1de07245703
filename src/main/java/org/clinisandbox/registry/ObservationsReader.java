package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.registry.Requirement.AnsweredBy;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.Range;
import org.clinisandbox.registry.Requirement.Series;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The list {@code required_observations} of a manifest. */
final class ObservationsReader {
  private static final Syntax STATUS =
      new Syntax(
          "one of registered, preliminary, final, amended, corrected, unknown",
          Set.of("registered", "preliminary", "final", "amended", "corrected", "unknown")
              ::contains);
  private static final Syntax ANSWERED_BY =
      new Syntax(
          "one of patient, nurse, clinician, lab, record",
          Set.of("patient", "nurse", "clinician", "lab", "record")::contains);
  private static final Range SERIES = new Range(BigDecimal.ONE, BigDecimal.valueOf(50));
  private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

  private final List<Fields> observations;
  private final boolean nameless;
  private final Set<String> names;
  private final Set<String> grouped;

  /**
   * @param nameless whether a missing name is made from the display or the code
   * @param names those in use already; the observations' are added
   * @param grouped names of inputs that stand in a group
   */
  ObservationsReader(
      List<Fields> observations, boolean nameless, Set<String> names, Set<String> grouped) {
    this.observations = observations;
    this.nameless = nameless;
    this.names = names;
    this.grouped = grouped;
  }

  List<OfObservation> read() {
    for (Fields fields : observations) {
      if (fields.has("name") || !nameless) {
        String name = fields.requiredText("name", Syntax.INPUT_NAME);
        if (!names.add(name)) {
          fields.mistake("name", "is the name of an earlier input, or of a fact of the patient");
        }
      }
    }
    return observations.stream().map(this::read).toList();
  }

  private OfObservation read(Fields fields) {
    String named = fields.text("system", Syntax.SYSTEM);
    String system = named == null ? Coding.LOINC : named;
    Syntax syntax = system.equals(Coding.LOINC) ? Syntax.LOINC : Syntax.CODE;
    String code = fields.requiredText("code", syntax);
    List<String> accepts = fields.texts("accepts", syntax);
    if (accepts.contains(code)) {
      fields.mistake("accepts", "repeats the code itself");
    }
    String display = fields.text("display", Syntax.TITLE);
    JsonNode given = fields.find("name");
    String name = given != null ? given.asString("") : nameFor(display, code);
    Series series = series(fields);
    boolean mandatory = fields.truth("mandatory", !grouped.contains(name));
    if (mandatory && grouped.contains(name)) {
      fields.mistake("mandatory", "must be left out: the input is one of a group in any_of");
    }
    String unit = fields.text("unit", Syntax.UNIT);
    Range range = fields.range("range");
    BigDecimal tolerance = ManifestBody.nonNegative(fields, "tolerance");
    List<CodedAnswer> coded = coded(fields);
    DefaultValue defaultValue = coded.isEmpty() ? number(fields, range) : word(fields, coded);
    if (defaultValue != null && mandatory) {
      fields.mistake("default", "needs mandatory: false; a mandatory input is never assumed");
    }
    if (defaultValue != null && (series != null || grouped.contains(name))) {
      fields.mistake("default", "does not go with count or any_of");
    }
    checkUnit(fields, unit, !coded.isEmpty());
    Duration maxAge = Measures.duration(fields, "max_age", Duration.ofMinutes(1), LONGEST_AGE);
    if (series != null
        && maxAge != null
        && series.spacing().multipliedBy(series.count() - 1L).compareTo(maxAge) > 0) {
      fields.mistake("max_age", "is too short for so many values so far apart");
    }
    OfObservation observation =
        new OfObservation(
            name,
            system,
            code,
            accepts,
            display != null ? display : displayFor(given, name, code),
            mandatory,
            unit,
            range,
            maxAge,
            tolerance,
            statuses(fields),
            defaultValue,
            coded,
            series,
            fields.localText("ask", Syntax.QUESTION),
            answeredBy(fields, AnsweredBy.CLINICIAN));
    fields.refuseOthers();
    return observation;
  }

  /** A bound means nothing while nobody knows in which unit. */
  private static void checkUnit(Fields fields, @Nullable String unit, boolean coded) {
    for (String key : List.of("range", "tolerance", "default")) {
      if (!coded && unit == null && fields.has(key)) {
        fields.mistake(key, "needs a unit to be given in (\"1\" for a plain number)");
      }
    }
    for (String key : List.of("unit", "range", "tolerance", "count")) {
      if (coded && fields.has(key)) {
        fields.mistake(key, "does not go with coded answers");
      }
    }
  }

  private static @Nullable DefaultValue number(Fields fields, @Nullable Range range) {
    BigDecimal number = fields.number("default");
    if (number == null) {
      return null;
    }
    if (range != null && !range.contains(number)) {
      fields.mistake("default", "is outside the range");
    }
    return new DefaultValue.Numeric(number);
  }

  private static @Nullable DefaultValue word(Fields fields, List<CodedAnswer> coded) {
    String word = fields.text("default", Syntax.WORD);
    if (word == null) {
      return null;
    }
    if (coded.stream().noneMatch(answer -> answer.value().equals(word))) {
      fields.mistake("default", "is none of the values in coded.allowed");
    }
    return new DefaultValue.Word(word);
  }

  private static List<CodedAnswer> coded(Fields fields) {
    Fields coded = fields.object("coded");
    if (coded == null) {
      return List.of();
    }
    List<CodedAnswer> answers = new ArrayList<>();
    Set<List<String>> seen = new HashSet<>();
    for (Fields each : coded.objects("allowed")) {
      CodedAnswer answer =
          new CodedAnswer(
              each.requiredText("system", Syntax.SYSTEM),
              each.requiredText("code", Syntax.CODE),
              each.text("display", Syntax.TITLE),
              each.requiredText("value", Syntax.WORD));
      each.refuseOthers();
      if (!seen.add(List.of(answer.system(), answer.code()))) {
        each.mistake("code", "is the code of an earlier answer");
      }
      answers.add(answer);
    }
    if (answers.isEmpty()) {
      coded.mistake("allowed", "must list at least one answer");
    }
    coded.refuseOthers();
    return answers;
  }

  /** The usual ones and those that the manifest adds. */
  private static Set<String> statuses(Fields fields) {
    Set<String> statuses = new HashSet<>(OfObservation.USABLE);
    statuses.addAll(fields.texts("statuses", STATUS));
    return statuses;
  }

  private static @Nullable Series series(Fields fields) {
    BigDecimal count = fields.number("count");
    Duration spacing = Measures.duration(fields, "spacing", Duration.ofSeconds(1), LONGEST_AGE);
    if (count == null) {
      if (spacing != null) {
        fields.mistake("spacing", "needs a count of at least 2");
      }
      return null;
    }
    if (!SERIES.contains(count) || count.stripTrailingZeros().scale() > 0) {
      fields.mistake("count", "must be a whole number from 1 to 50");
      return null;
    }
    if (count.intValue() == 1 && spacing != null) {
      fields.mistake("spacing", "needs a count of at least 2");
    }
    return count.intValue() == 1
        ? null
        : new Series(count.intValue(), spacing == null ? Duration.ZERO : spacing);
  }

  static AnsweredBy answeredBy(Fields fields, AnsweredBy fallback) {
    String label = fields.text("answered_by", ANSWERED_BY);
    for (AnsweredBy each : AnsweredBy.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(label)) {
        return each;
      }
    }
    return fallback;
  }

  private String nameFor(@Nullable String display, String code) {
    String words =
        (display == null ? "" : display)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_")
            .replaceAll("^[0-9_]+|_$", "");
    String stem =
        words.isEmpty()
            ? "loinc_" + code.replace('-', '_')
            : words.substring(0, Math.min(words.length(), 56));
    String name = stem;
    for (int i = 2; !names.add(name); i++) {
      name = stem + "_" + i;
    }
    return name;
  }

  private static String displayFor(@Nullable JsonNode given, String name, String code) {
    return given == null ? "LOINC " + code : inWords(name);
  }

  /** A name as people would write it; as it is after a mistake. */
  static String inWords(String name) {
    String words = name.replace('_', ' ');
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
