package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.DefaultValue;
import org.clinisandbox.registry.Requirement.OfGroup;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfRule;
import org.clinisandbox.registry.Requirement.OfStatement;
import org.clinisandbox.registry.Requirement.OfStatement.Absent;
import org.jspecify.annotations.Nullable;

/** What a manifest lets a model assume where the record is silent. */
final class Assumptions {
  private Assumptions() {}

  /** The input that stands in for an unmet requirement; null when it is left out. */
  static @Nullable Input of(Requirement requirement) {
    return switch (requirement) {
      case OfObservation observation ->
          switch (observation.defaultValue()) {
            case null -> null;
            case DefaultValue.Numeric(BigDecimal number) ->
                Input.assumed(
                    observation.name(),
                    new Input.Value.Numeric(number),
                    observation.unit(),
                    observation.code());
            case DefaultValue.Word(String word) ->
                Input.assumed(
                    observation.name(), new Input.Value.Word(word), null, observation.code());
          };
      case OfStatement statement ->
          statement.absent() == Absent.FALSE
              ? Input.assumed(
                  statement.name(),
                  new Input.Value.Truth(false),
                  null,
                  statement.codes().getFirst().code())
              : null;
      case OfPatient p -> null;
      case OfGroup g -> null;
      case OfRule r -> null;
    };
  }
}
