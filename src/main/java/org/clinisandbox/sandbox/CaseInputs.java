package org.clinisandbox.sandbox;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a case hands to the model: its own inputs, with units, and what the manifest assumes of the
 * others. An input is a number, a word, true or false, or an object with {@code value} and, as
 * needed, {@code unit}, {@code effective} and {@code earlier}, a list of the same, newest first.
 */
final class CaseInputs {
  private static final Set<String> FIELDS = Set.of("value", "unit", "effective", "earlier");

  private CaseInputs() {}

  /**
   * @throws IllegalArgumentException naming the input that no model could be handed
   */
  static Map<String, ModelInput> of(Manifest manifest, Manifest.Case test) {
    List<Requirement> required = manifest.inputs();
    Set<String> names = required.stream().map(Requirement::name).collect(Collectors.toSet());
    for (String name : test.inputs().propertyNames()) {
      if (!names.contains(name)) {
        throw new IllegalArgumentException(
            "The input " + name + " is not one that the manifest requires.");
      }
    }
    Map<String, ModelInput> inputs = new LinkedHashMap<>();
    for (Requirement requirement : required) {
      JsonNode given = test.inputs().get(requirement.name());
      ModelInput input = given == null ? assumed(requirement) : stated(requirement, given);
      if (input != null) {
        inputs.put(requirement.name(), input);
      }
    }
    return inputs;
  }

  private static ModelInput stated(Requirement requirement, JsonNode given) {
    ModelInput newest = single(requirement, given);
    JsonNode earlier = given.path("earlier");
    if (earlier.isMissingNode()) {
      return newest;
    }
    List<ModelInput.Quantity> series = new ArrayList<>();
    series.add(quantity(requirement, newest));
    if (!earlier.isArray()) {
      throw unusable(requirement);
    }
    for (JsonNode older : earlier) {
      if (older.has("earlier")) {
        throw unusable(requirement);
      }
      series.add(quantity(requirement, single(requirement, older)));
    }
    return new ModelInput.Series(series);
  }

  private static ModelInput.Quantity quantity(Requirement requirement, ModelInput input) {
    if (input instanceof ModelInput.Quantity quantity) {
      return quantity;
    }
    throw unusable(requirement);
  }

  private static ModelInput single(Requirement requirement, JsonNode given) {
    if (given.isObject() && !FIELDS.containsAll(given.propertyNames())) {
      throw unusable(requirement);
    }
    JsonNode value = given.isObject() ? given.path("value") : given;
    JsonNode unit = given.path("unit");
    Instant effective = effective(requirement, given.path("effective"));
    if (value.isNumber() && (unit.isMissingNode() || unit.isString())) {
      return new ModelInput.Quantity(
          value.decimalValue(),
          unit.isString() ? unit.stringValue() : unit(requirement),
          effective);
    }
    if (value.isString() && unit.isMissingNode()) {
      return new ModelInput.Word(value.stringValue(), effective);
    }
    if (value.isBoolean() && unit.isMissingNode()) {
      return new ModelInput.Truth(value.booleanValue(), effective);
    }
    throw unusable(requirement);
  }

  private static @Nullable Instant effective(Requirement requirement, JsonNode time) {
    if (time.isMissingNode()) {
      return null;
    }
    try {
      return Instant.parse(time.asString(""));
    } catch (DateTimeException e) {
      throw unusable(requirement);
    }
  }

  private static IllegalArgumentException unusable(Requirement requirement) {
    return new IllegalArgumentException(
        "The input "
            + requirement.name()
            + " is not a number, a word, true or false, nor an object of those with value, unit,"
            + " effective and earlier.");
  }

  private static @Nullable ModelInput assumed(Requirement requirement) {
    return switch (requirement) {
      case Requirement.OfObservation observation ->
          switch (observation.defaultValue()) {
            case null -> null;
            case DefaultValue.Numeric(var number) ->
                new ModelInput.Quantity(number, observation.unit(), null);
            case DefaultValue.Word(var word) -> new ModelInput.Word(word, null);
          };
      case Requirement.OfStatement statement ->
          switch (statement.absent()) {
            case FALSE -> new ModelInput.Truth(false, null);
            case ASK -> null;
          };
      case Requirement.OfPatient patient -> null;
      case Requirement.OfGroup group -> null;
      case Requirement.OfRule rule -> null;
    };
  }

  private static @Nullable String unit(Requirement requirement) {
    return switch (requirement) {
      case Requirement.OfPatient patient ->
          switch (patient.item()) {
            case AGE -> "a";
            case SEX, RACE -> null;
          };
      case Requirement.OfObservation observation -> observation.unit();
      case Requirement.OfStatement statement -> null;
      case Requirement.OfGroup group -> null;
      case Requirement.OfRule rule -> null;
    };
  }
}
