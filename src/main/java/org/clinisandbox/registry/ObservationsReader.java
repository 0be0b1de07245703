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
  private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

  private final List<Fields> observations;
  private final boolean nameless;
  private final Set<String> names;

  /**
   * @param nameless whether a missing name is made from the display or the code
   * @param taken names that are in use already
   */
  ObservationsReader(List<Fields> observations, boolean nameless, Set<String> taken) {
    this.observations = observations;
    this.nameless = nameless;
    this.names = new HashSet<>(taken);
  }

  List<OfObservation> read() {
    for (Fields fields : observations) {
      if (fields.has("name") || !nameless) {
        String name = fields.requiredText("name", Syntax.INPUT_NAME);
        if (!names.add(name)) {
          fields.mistake("name", "is the name of an earlier input");
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
    boolean mandatory = fields.truth("mandatory", true);
    String unit = fields.text("unit", Syntax.UNIT);
    Range range = fields.range("range");
    BigDecimal tolerance = ManifestBody.nonNegative(fields, "tolerance");
    List<CodedAnswer> coded = coded(fields);
    DefaultValue defaultValue = coded.isEmpty() ? number(fields, range) : word(fields, coded);
    if (defaultValue != null && mandatory) {
      fields.mistake("default", "needs mandatory: false; a mandatory input is never assumed");
    }
    checkUnit(fields, unit, !coded.isEmpty());
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
            Measures.duration(fields, "max_age", Duration.ofMinutes(1), LONGEST_AGE),
            tolerance,
            statuses(fields),
            defaultValue,
            coded,
            fields.text("ask", Syntax.QUESTION),
            answeredBy(fields));
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
    for (String key : List.of("unit", "range", "tolerance")) {
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

  private static AnsweredBy answeredBy(Fields fields) {
    String label = fields.text("answered_by", ANSWERED_BY);
    for (AnsweredBy each : AnsweredBy.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(label)) {
        return each;
      }
    }
    return AnsweredBy.CLINICIAN;
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
    if (given == null || name.isEmpty()) {
      return "LOINC " + code;
    }
    String words = name.replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
