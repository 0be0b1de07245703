package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One declared input of a manifest. */
public sealed interface Requirement {
  /** The input's name, as the model receives it. */
  String name();

  boolean mandatory();

  /** A question of the model's own for a person to answer; null for the default one. */
  @Nullable String ask();

  /** Who can answer, cheapest first. */
  enum AnsweredBy {
    PATIENT,
    NURSE,
    CLINICIAN,
    LAB,
    RECORD
  }

  /** A fact of the Patient resource: named {@code age} or {@code sex}; always mandatory. */
  record OfPatient(Item item) implements Requirement {
    /** Which fact. */
    public enum Item {
      /** Completed years at the time of evaluation, unit {@code a}. */
      AGE,
      /** Administrative gender. */
      SEX
    }

    @Override
    public String name() {
      return item.name().toLowerCase(java.util.Locale.ROOT);
    }

    @Override
    public boolean mandatory() {
      return true;
    }

    @Override
    public @Nullable String ask() {
      return null;
    }
  }

  /**
   * An observation, by its code.
   *
   * @param system the code system of {@code code} and {@code accepts}, LOINC unless the manifest
   *     names another
   * @param code the preferred code
   * @param accepts further codes that mean the same
   * @param display what people call it
   * @param unit the UCUM code the model wants; null hands over the value in whatever unit it has
   * @param range plausible values, in {@code unit}; null for any
   * @param maxAge how old it may be; null for any age
   * @param tolerance how far two simultaneous values may differ, in {@code unit}
   * @param statuses FHIR observation statuses that count as usable
   * @param defaultValue taken, as assumed, when an optional one has no usable value; null for none
   * @param coded the coded answers and the values they stand for; empty when it is a number
   */
  record OfObservation(
      String name,
      String system,
      String code,
      List<String> accepts,
      String display,
      boolean mandatory,
      @Nullable String unit,
      @Nullable Range range,
      @Nullable Duration maxAge,
      BigDecimal tolerance,
      Set<String> statuses,
      @Nullable DefaultValue defaultValue,
      List<CodedAnswer> coded,
      @Nullable String ask,
      AnsweredBy answeredBy)
      implements Requirement {
    /** What the contract counts as usable unless a manifest widens it. */
    public static final Set<String> USABLE = Set.of("final", "amended", "corrected");

    public OfObservation {
      accepts = List.copyOf(accepts);
      statuses = Set.copyOf(statuses);
      coded = List.copyOf(coded);
    }
  }

  /** Inclusive bounds; null is open. */
  record Range(@Nullable BigDecimal low, @Nullable BigDecimal high) {
    public boolean contains(BigDecimal number) {
      return (low == null || number.compareTo(low) >= 0)
          && (high == null || number.compareTo(high) <= 0);
    }
  }

  /** A default: a number in the requirement's unit, or one of the coded values. */
  sealed interface DefaultValue {
    record Numeric(BigDecimal number) implements DefaultValue {}

    record Word(String word) implements DefaultValue {}
  }

  /** One coded answer that an observation may carry, and the word the model receives for it. */
  record CodedAnswer(String system, String code, @Nullable String display, String value) {}
}
