package org.clinisandbox.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.StatementFact.Kind;
import org.clinisandbox.fhir.path.FhirPath;
import org.clinisandbox.fhir.path.FhirPathException;
import org.clinisandbox.registry.Requirement.AnsweredBy;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.clinisandbox.registry.Requirement.OfStatement.Absent;
import org.jspecify.annotations.Nullable;

/** Everything that a manifest requires, under names that are all different. */
final class RequirementsReader {
  private static final Syntax PATIENT_ITEM =
      new Syntax("age, sex or race", Set.of("age", "sex", "race")::contains);
  private static final Syntax ABSENT =
      new Syntax("\"false\" or ask", Set.of("false", "ask")::contains);
  private static final Syntax MESSAGE = Syntax.QUESTION;
  private static final Syntax EXPRESSION =
      new Syntax("a FHIRPath expression", text -> !text.isBlank());

  private final Fields fields;
  private final boolean row;
  private final Set<String> names = new HashSet<>();

  RequirementsReader(Fields fields, boolean row) {
    this.fields = fields;
    this.row = row;
  }

  /** The names of all inputs: a group's options are inputs, the group and rules are none. */
  static Set<String> inputNames(List<Requirement> requirements) {
    Set<String> names = new HashSet<>();
    for (Requirement requirement : requirements) {
      switch (requirement) {
        case OfGroup group -> group.options().forEach(option -> names.add(option.name()));
        case OfRule rule -> {}
        case OfPatient patient -> names.add(patient.name());
        case OfObservation observation -> names.add(observation.name());
        case OfStatement statement -> names.add(statement.name());
      }
    }
    return names;
  }

  List<Requirement> read() {
    List<Requirement> requirements = new ArrayList<>(patient());
    // A population may need them though the manifest does not list them.
    for (OfPatient.Item item : OfPatient.Item.values()) {
      names.add(item.label());
    }
    List<Fields> groups = fields.objects("any_of");
    Set<String> grouped =
        groups.stream()
            .flatMap(group -> group.texts("inputs", Syntax.INPUT_NAME).stream())
            .collect(Collectors.toSet());
    Map<String, OfObservation> observations = new HashMap<>();
    for (OfObservation observation :
        new ObservationsReader(fields.objects("required_observations"), row, names, grouped)
            .read()) {
      observations.put(observation.name(), observation);
      if (!grouped.contains(observation.name())) {
        requirements.add(observation);
      }
    }
    requirements.addAll(statements(Kind.CONDITION, "required_conditions"));
    requirements.addAll(statements(Kind.MEDICATION, "required_medications"));
    Set<String> placed = new HashSet<>();
    for (Fields group : groups) {
      requirements.add(group(group, observations, placed));
    }
    requirements.addAll(rules(inputNames(requirements)));
    return requirements;
  }

  private List<OfPatient> patient() {
    List<OfPatient> items = new ArrayList<>();
    for (Fields each : fields.objectsOrNames("required_patient", "name")) {
      String name = each.requiredText("name", PATIENT_ITEM);
      boolean mandatory = each.truth("mandatory", true);
      LocalText ask = each.localText("ask", Syntax.QUESTION);
      each.refuseOthers();
      for (OfPatient.Item item : OfPatient.Item.values()) {
        if (item.label().equals(name)) {
          claim(each, name);
          items.add(new OfPatient(item, mandatory, ask));
        }
      }
    }
    return items;
  }

  private List<OfStatement> statements(Kind kind, String key) {
    List<OfStatement> statements = new ArrayList<>();
    for (Fields each : fields.objects(key)) {
      String name = each.requiredText("name", Syntax.INPUT_NAME);
      claim(each, name);
      List<Coding> codes = each.objects("codes").stream().map(Fields::coding).toList();
      if (codes.isEmpty()) {
        each.mistake("codes", "must list at least one code");
      } else if (codes.stream().map(code -> code.system() + " " + code.code()).distinct().count()
          < codes.size()) {
        each.mistake("codes", "names a code twice");
      }
      String absent = each.requiredText("absent", ABSENT);
      statements.add(
          new OfStatement(
              kind,
              name,
              display(each, name),
              codes,
              absent.equals("ask") ? Absent.ASK : Absent.FALSE,
              each.localText("ask", Syntax.QUESTION),
              ObservationsReader.answeredBy(each, AnsweredBy.PATIENT)));
      each.refuseOthers();
    }
    return statements;
  }

  private OfGroup group(Fields group, Map<String, OfObservation> observations, Set<String> placed) {
    String name = group.requiredText("name", Syntax.INPUT_NAME);
    claim(group, name);
    List<OfObservation> options = new ArrayList<>();
    List<String> inputs = group.texts("inputs", Syntax.INPUT_NAME);
    for (int i = 0; i < inputs.size(); i++) {
      OfObservation option = observations.get(inputs.get(i));
      if (option == null) {
        String nearest = NearestName.of(inputs.get(i), observations.keySet());
        group.mistake(
            "inputs[" + i + "]",
            "is not the name of a required observation"
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      } else if (!placed.add(option.name())) {
        group.mistake("inputs[" + i + "]", "stands in another group too");
      } else {
        options.add(option);
      }
    }
    if (inputs.size() < 2) {
      group.mistake("inputs", "must name at least two inputs");
    }
    OfGroup read =
        new OfGroup(
            name,
            display(group, name),
            options,
            group.truth("mandatory", true),
            group.localText("ask", Syntax.QUESTION));
    group.refuseOthers();
    return read;
  }

  private List<OfRule> rules(Set<String> inputs) {
    List<OfRule> rules = new ArrayList<>();
    for (Fields each : fields.objects("rules")) {
      String given = each.text("name", Syntax.INPUT_NAME);
      String name = given == null ? "rule_" + (rules.size() + 1) : given;
      claim(each, name);
      String expression = each.requiredText("expression", EXPRESSION);
      checkExpression(each, expression, inputs);
      LocalText message = each.localText("message", MESSAGE);
      if (message == null) {
        each.mistake("message", "is missing");
        message = new LocalText(Map.of(Locale.ROOT, name));
      }
      rules.add(new OfRule(name, expression, message));
      each.refuseOthers();
    }
    return rules;
  }

  private static void checkExpression(Fields rule, String expression, Set<String> inputs) {
    try {
      for (String variable : FhirPath.compile(expression).variables()) {
        if (!inputs.contains(variable)) {
          String nearest = NearestName.of(variable, inputs);
          rule.mistake(
              "expression",
              "names %"
                  + variable
                  + ", which is not an input of this manifest"
                  + (nearest == null ? "" : "; did you mean %" + nearest + "?"));
        }
      }
    } catch (FhirPathException e) {
      rule.mistake("expression", "is no FHIRPath that is spoken here: " + e.getMessage());
    }
  }

  private void claim(Fields owner, String name) {
    if (!names.add(name)) {
      owner.mistake("name", "is the name of an earlier input, or of a fact of the patient");
    }
  }

  private static String display(Fields fields, String name) {
    @Nullable String display = fields.text("display", Syntax.TITLE);
    return display == null ? ObservationsReader.inWords(name) : display;
  }
}
