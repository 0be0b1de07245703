package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.clinisandbox.registry.LocalText;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.clinisandbox.registry.Requirement.Series;

/** The questions to put to people: the manifest's own, or else plain ones. */
final class Questions {
  private static final int MOST_CHOICES = 6;

  /** How units are written for people, where that is not their UCUM code. */
  private static final Map<String, String> UNIT_SIGNS =
      Map.ofEntries(
          Map.entry("Cel", "°C"),
          Map.entry("[degF]", "°F"),
          Map.entry("mm[Hg]", "mmHg"),
          Map.entry("10*9/L", "×10⁹/L"),
          Map.entry("10*3/uL", "×10³/µL"),
          Map.entry("umol/L", "µmol/L"),
          Map.entry("[IU]/L", "IU/L"),
          Map.entry("kg/m2", "kg/m²"));

  /** The same, where it is a phrase. */
  private static final Map<String, String> UNIT_PHRASES =
      Map.of(
          "/min", "per_minute",
          "L/min", "litres_per_minute",
          "[lb_av]", "pounds",
          "[in_i]", "inches");

  private Questions() {}

  static String ask(Requirement requirement, List<Locale.LanguageRange> languages) {
    LocalText own = requirement.ask();
    if (own != null) {
      return own.in(languages);
    }
    Phrases phrases = new Phrases(languages);
    return switch (requirement) {
      case OfObservation observation -> ask(observation, phrases);
      case OfPatient patient -> phrases.get(patient.name());
      case OfStatement statement ->
          switch (statement.kind()) {
            case CONDITION -> phrases.get("condition", statement.display());
            case MEDICATION -> phrases.get("medication", statement.display());
          };
      case OfGroup group -> phrases.get("group", group.display());
      case OfRule rule -> rule.message().in(languages);
    };
  }

  private static String ask(OfObservation observation, Phrases phrases) {
    String how = how(observation, phrases);
    Series series = observation.series();
    if (series != null) {
      return phrases.get(
          "history",
          observation.display(),
          series.count(),
          how,
          Texts.duration(ObservationCheck.apart(series)));
    }
    return switch (observation.answeredBy()) {
      case PATIENT, NURSE, CLINICIAN -> phrases.get("now", observation.display(), how);
      case LAB, RECORD -> phrases.get("newest", observation.display(), how);
    };
  }

  private static String how(OfObservation observation, Phrases phrases) {
    List<String> choices = observation.coded().stream().map(CodedAnswer::value).distinct().toList();
    if (!choices.isEmpty()) {
      return choices.size() > MOST_CHOICES
          ? ""
          : phrases.get("choices", Texts.list(choices, phrases.get("or")));
    }
    String unit = observation.unit();
    if (unit == null || Units.bare(unit).equals("1")) {
      return "";
    }
    String bare = Units.bare(unit);
    String phrase = UNIT_PHRASES.get(bare);
    return phrases.get("in", phrase == null ? sign(unit) : phrases.get(phrase));
  }

  /** How a unit is written for people. */
  static String sign(String unit) {
    return UNIT_SIGNS.getOrDefault(Units.bare(unit), unit);
  }
}
