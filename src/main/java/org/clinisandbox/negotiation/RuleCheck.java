package org.clinisandbox.negotiation;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.path.Budget;
import org.clinisandbox.fhir.path.FhirPath;
import org.clinisandbox.fhir.path.FhirPathException;
import org.clinisandbox.fhir.path.Truth;
import org.clinisandbox.registry.Requirement.OfRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A model's own rule. It is asked once all the inputs that it names are there, and holds only if it
 * is true: a rule that finds nothing to decide on, or that can't be evaluated within its budget,
 * does not hold.
 */
final class RuleCheck {
  private static final List<Locale.LanguageRange> ENGLISH = Locale.LanguageRange.parse("en");

  private final OfRule rule;
  private final FhirPath expression;

  RuleCheck(OfRule rule) {
    this.rule = rule;
    try {
      this.expression = FhirPath.compile(rule.expression());
    } catch (FhirPathException e) {
      throw new IllegalArgumentException("The manifest was read, so its rules compile.", e);
    }
  }

  /**
   * Asks the rule.
   *
   * @param inputs what the model would be given
   * @param gaps those found so far; a rule over an input that is still asked for has to wait
   * @return null when the rule holds, or waits
   */
  @Nullable Gap check(JsonNode bundle, List<Input> inputs, List<Gap> gaps, Instant now) {
    if (waits(gaps)) {
      return null;
    }
    Map<String, JsonNode> variables = new HashMap<>();
    expression
        .variables()
        .forEach(name -> variables.put(name, JsonNodeFactory.instance.nullNode()));
    inputs.forEach(input -> variables.put(input.name(), json(input.value())));
    return switch (expression.evaluate(bundle, variables, now, Budget.DEFAULT)) {
      case Truth.Answer answer ->
          switch (answer) {
            case TRUE -> null;
            case FALSE -> gap(Reason.IMPLAUSIBLE, "");
            case EMPTY -> gap(Reason.MISSING, " (There is nothing to decide it on.)");
          };
      case Truth.Failed(Truth.Cause cause, int column) ->
          gap(
              Reason.NOT_A_NUMBER,
              " (The rule gave neither yes nor no: "
                  + cause.text()
                  + ", at column "
                  + column
                  + ".)");
    };
  }

  /** Whether one of its inputs is among these gaps and can't be done without. */
  boolean waits(List<Gap> gaps) {
    Set<String> open = new HashSet<>();
    gaps.stream().filter(Gap::mandatory).forEach(gap -> addNames(gap, open));
    return expression.variables().stream().anyMatch(open::contains);
  }

  private static void addNames(Gap gap, Set<String> names) {
    names.add(gap.name());
    gap.options().forEach(option -> names.add(option.name()));
  }

  private static JsonNode json(Input.Value value) {
    return switch (value) {
      case Input.Value.Numeric(var number) -> JsonNodeFactory.instance.numberNode(number);
      case Input.Value.Word(String word) -> JsonNodeFactory.instance.stringNode(word);
      case Input.Value.Truth(boolean truth) -> JsonNodeFactory.instance.booleanNode(truth);
    };
  }

  private Gap gap(Reason reason, String remark) {
    return new Gap(
        rule, reason, rule.message().in(ENGLISH) + remark, true, false, false, List.of());
  }
}
