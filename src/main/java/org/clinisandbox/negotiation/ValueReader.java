package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.ObservationFact.Value;
import org.clinisandbox.registry.Requirement.CodedAnswer;
import org.clinisandbox.registry.Requirement.OfObservation;
import org.jspecify.annotations.Nullable;

/**
 * Reads observed values as a requirement wants them: a number in its unit, or the word of one of
 * its coded answers. A coded answer is found by system and code, or else by a text that is its
 * display or its word, whatever the case; a value that is none of the answers, like a value of
 * another type, is {@link Reason#NOT_A_NUMBER}: not of the declared kind.
 */
final class ValueReader {
  /** Far beyond any measurement; arithmetic on such numbers could exhaust the machine. */
  private static final int MOST_DIGITS = 40;

  private static final Pattern PLAUSIBLE_CODE = Pattern.compile("[!-~]{1,32}");

  private final OfObservation requirement;
  private final @Nullable Analyte analyte;

  ValueReader(OfObservation requirement) {
    this.requirement = requirement;
    this.analyte =
        Analyte.of(
            Stream.concat(Stream.of(requirement.code()), requirement.accepts().stream()).toList());
  }

  Reading read(Value value) {
    if (value instanceof Value.Quantity quantity && quantity.comparator() != null) {
      return unreadable(Reason.COMPARATOR, "It is a bound, not a value.");
    }
    return requirement.coded().isEmpty() ? number(value) : word(value);
  }

  private Reading number(Value value) {
    return switch (value) {
      case Value.Quantity quantity -> number(quantity);
      case Value.Coded c -> unreadable(Reason.NOT_A_NUMBER, "It is a code, not a number.");
      case Value.Text t -> unreadable(Reason.NOT_A_NUMBER, "It is a text, not a number.");
      case Value.Truth t -> unreadable(Reason.NOT_A_NUMBER, "It is yes or no, not a number.");
      case Value.Other o -> unreadable(Reason.NOT_A_NUMBER, "It is not a single number.");
      case Value.Absent a -> unreadable(Reason.DATA_ABSENT, "It has no value.");
    };
  }

  private Reading number(Value.Quantity quantity) {
    BigDecimal number = quantity.number();
    if (number.precision() > MOST_DIGITS || Math.abs(number.scale()) > MOST_DIGITS) {
      return unreadable(Reason.NOT_A_NUMBER, "It has more digits than any measurement.");
    }
    String target = requirement.unit();
    StatedUnit stated = StatedUnit.of(quantity);
    if (stated instanceof StatedUnit.Contradictory) {
      return unreadable(Reason.UNIT, "Its unit's code and text name different units.");
    }
    return target == null ? asStated(number, stated) : inUnit(number, stated, target);
  }

  private static Reading asStated(BigDecimal number, StatedUnit stated) {
    return switch (stated) {
      case StatedUnit.Known(String code, String written) ->
          new Reading.Numeric(number, code, convertedFrom(number, written, code));
      case StatedUnit.Unlisted(String written) ->
          new Reading.Numeric(
              number, PLAUSIBLE_CODE.matcher(written).matches() ? written : null, null);
      case StatedUnit.Untrusted u -> new Reading.Numeric(number, null, null);
      case StatedUnit.Contradictory c -> new Reading.Numeric(number, null, null);
      case StatedUnit.None n -> new Reading.Numeric(number, null, null);
    };
  }

  private Reading inUnit(BigDecimal number, StatedUnit stated, String target) {
    return switch (stated) {
      case StatedUnit.Known(String code, String written) -> {
        BigDecimal converted = Units.convert(number, code, target, analyte);
        yield converted == null
            ? unreadable(Reason.UNIT, "Its unit " + code + " can't be turned into " + target + ".")
            : new Reading.Numeric(converted, target, convertedFrom(number, written, target));
      }
      case StatedUnit.Unlisted(String written) ->
          Units.same(written, target)
              ? new Reading.Numeric(number, target, convertedFrom(number, written, target))
              : unknownUnit(target);
      case StatedUnit.None n ->
          Units.bare(target).equals("1")
              ? new Reading.Numeric(number, target, null)
              : unreadable(Reason.UNIT, "It has no unit; " + target + " is needed.");
      case StatedUnit.Untrusted u -> unknownUnit(target);
      case StatedUnit.Contradictory c -> unknownUnit(target);
    };
  }

  private static Reading unknownUnit(String target) {
    return new Reading.Unreadable(
        Reason.UNIT, "Its unit is not one that can be turned into " + target + ".", true);
  }

  private static @Nullable String convertedFrom(BigDecimal number, String written, String unit) {
    return written.equals(unit) ? null : number.toPlainString() + " " + written;
  }

  private Reading word(Value value) {
    return switch (value) {
      case Value.Coded(List<Coding> codings, String text) -> {
        Set<String> words = codings.stream().flatMap(this::words).collect(Collectors.toSet());
        yield words.isEmpty() && text != null ? word(text) : one(words);
      }
      case Value.Text(String text) -> word(text);
      case Value.Quantity q -> unreadable(Reason.NOT_A_NUMBER, "It is a number, not an answer.");
      case Value.Truth t -> unreadable(Reason.NOT_A_NUMBER, "It is yes or no, not an answer.");
      case Value.Other o -> unreadable(Reason.NOT_A_NUMBER, "It is not a coded answer.");
      case Value.Absent a -> unreadable(Reason.DATA_ABSENT, "It has no value.");
    };
  }

  private Stream<String> words(Coding coding) {
    return requirement.coded().stream()
        .filter(a -> a.system().equals(coding.system()) && a.code().equals(coding.code()))
        .map(CodedAnswer::value);
  }

  private Reading word(String text) {
    String wanted = text.strip();
    return one(
        requirement.coded().stream()
            .filter(
                a ->
                    a.value().equalsIgnoreCase(wanted)
                        || (a.display() != null && a.display().strip().equalsIgnoreCase(wanted)))
            .map(CodedAnswer::value)
            .collect(Collectors.toSet()));
  }

  private static Reading one(Set<String> words) {
    return switch (words.size()) {
      case 0 ->
          new Reading.Unreadable(
              Reason.NOT_A_NUMBER, "It is none of the answers that the model knows.", true);
      case 1 -> new Reading.Word(words.iterator().next());
      default -> unreadable(Reason.NOT_A_NUMBER, "It stands for several answers at once.");
    };
  }

  private static Reading unreadable(Reason reason, String detail) {
    return new Reading.Unreadable(reason, detail, false);
  }
}
