package org.clinisandbox.negotiation;

import java.util.List;
import java.util.Map;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;

/** The questions to put to people: the manifest's own, or else plain ones. */
final class Questions {
  private static final int MOST_CHOICES = 6;

  /** How units are written for people, where that is not their UCUM code. */
  private static final Map<String, String> UNIT_WORDS =
      Map.ofEntries(
          Map.entry("Cel", "°C"),
          Map.entry("[degF]", "°F"),
          Map.entry("mm[Hg]", "mmHg"),
          Map.entry("/min", "times per minute"),
          Map.entry("L/min", "litres per minute"),
          Map.entry("10*9/L", "×10⁹/L"),
          Map.entry("10*3/uL", "×10³/µL"),
          Map.entry("umol/L", "µmol/L"),
          Map.entry("[IU]/L", "IU/L"),
          Map.entry("[lb_av]", "pounds"),
          Map.entry("[in_i]", "inches"),
          Map.entry("kg/m2", "kg/m²"));

  private Questions() {}

  static String ask(Requirement requirement) {
    String own = requirement.ask();
    if (own != null) {
      return own;
    }
    return switch (requirement) {
      case OfObservation observation -> ask(observation);
      case OfPatient(OfPatient.Item item) ->
          switch (item) {
            case AGE -> "What is the patient's full date of birth?";
            case SEX -> "What is the patient's sex: female, male or other?";
          };
    };
  }

  private static String ask(OfObservation observation) {
    String newest =
        switch (observation.answeredBy()) {
          case PATIENT, NURSE, CLINICIAN -> "what is it now";
          case LAB, RECORD -> "what is the newest result";
        };
    return observation.display() + ": " + newest + how(observation) + "?";
  }

  private static String how(OfObservation observation) {
    List<String> choices = observation.coded().stream().map(CodedAnswer::value).distinct().toList();
    if (!choices.isEmpty()) {
      return choices.size() > MOST_CHOICES ? "" : " (" + Texts.or(choices) + ")";
    }
    String unit = observation.unit();
    if (unit == null || Units.bare(unit).equals("1")) {
      return "";
    }
    String bare = Units.bare(unit);
    return ", in " + UNIT_WORDS.getOrDefault(bare, unit);
  }
}
