package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.clinisandbox.fhir.StatementFact;
import org.jspecify.annotations.Nullable;

/** One thing that a manifest declares it needs: an input, one of several inputs, or a rule. */
public sealed interface Requirement {
  /** Unique in the manifest; an input's name is the name under which the model receives it. */
  String name();

  /** What people call it. */
  String display();

  boolean mandatory();

  /** A question of the model's own for a person to answer; null for the default one. */
  @Nullable LocalText ask();

  AnsweredBy answeredBy();

  /** Who can answer, cheapest first. */
  enum AnsweredBy {
    PATIENT,
    NURSE,
    CLINICIAN,
    LAB,
    RECORD
  }

  /** A fact of the Patient resource, under its own name. */
  record OfPatient(Item item, boolean mandatory, @Nullable LocalText ask) implements Requirement {
    /** Which fact. */
    public enum Item {
      /** Completed years at the time of evaluation, unit {@code a}. */
      AGE("Date of birth"),
      /** Administrative gender. */
      SEX("Sex"),
      /** By US Core; a word of {@link org.clinisandbox.fhir.PatientFact#race}. */
      RACE("Race");

      private final String display;

      Item(String display) {
        this.display = display;
      }

      /** The input's name. */
      public String label() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    @Override
    public String name() {
      return item.label();
    }

    @Override
    public String display() {
      return item.display;
    }

    @Override
    public AnsweredBy answeredBy() {
      return AnsweredBy.PATIENT;
    }
  }

  /**
   * An observation, by its code.
   *
   * @param system the code system of {@code code} and {@code accepts}, LOINC unless the manifest
   *     names another
   * @param code the preferred code
   * @param accepts further codes that mean the same
   * @param unit the UCUM code the model wants; null hands over the value in whatever unit it has
   * @param range plausible values, in {@code unit}; null for any
   * @param maxAge how old it may be, each value of a series; null for any age
   * @param tolerance how far two simultaneous values may differ, in {@code unit}
   * @param statuses FHIR observation statuses that count as usable
   * @param defaultValue taken, as assumed, when an optional one has no usable value; null for none
   * @param coded the coded answers and the values they stand for; empty when it is a number
   * @param series how many values it takes; null for the newest alone
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
      @Nullable Series series,
      @Nullable LocalText ask,
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

  /**
   * Whether the patient has a condition or takes a medicine: true or false.
   *
   * @param codes any of these; the first is the preferred one
   * @param absent what it means when nothing on record says so
   */
  record OfStatement(
      StatementFact.Kind kind,
      String name,
      String display,
      List<Coding> codes,
      Absent absent,
      @Nullable LocalText ask,
      AnsweredBy answeredBy)
      implements Requirement {
    public OfStatement {
      codes = List.copyOf(codes);
    }

    /** What silence means. */
    public enum Absent {
      /** That it is not so; the input says that this was assumed. */
      FALSE,
      /** Nothing: somebody must be asked. */
      ASK
    }

    @Override
    public boolean mandatory() {
      return absent == Absent.ASK;
    }
  }

  /**
   * Several inputs of which one will do; the model receives the first of them that there is.
   *
   * @param options in the order of preference, at least two
   */
  record OfGroup(
      String name,
      String display,
      List<OfObservation> options,
      boolean mandatory,
      @Nullable LocalText ask)
      implements Requirement {
    public OfGroup {
      options = List.copyOf(options);
    }

    /** Whoever is cheapest among those who can answer one of the options. */
    @Override
    public AnsweredBy answeredBy() {
      AnsweredBy cheapest = AnsweredBy.RECORD;
      for (OfObservation option : options) {
        cheapest = option.answeredBy().compareTo(cheapest) < 0 ? option.answeredBy() : cheapest;
      }
      return cheapest;
    }
  }

  /**
   * A condition of the model's own over inputs and bundle. It is no input.
   *
   * @param expression FHIRPath; an input's value is {@code %name}
   * @param message what is wrong when it is not true
   */
  record OfRule(String name, String expression, LocalText message) implements Requirement {
    @Override
    public String display() {
      return "Rule of the model";
    }

    @Override
    public boolean mandatory() {
      return true;
    }

    @Override
    public @Nullable LocalText ask() {
      return null;
    }

    @Override
    public AnsweredBy answeredBy() {
      return AnsweredBy.CLINICIAN;
    }
  }

  /** Inclusive bounds; null is open. */
  record Range(@Nullable BigDecimal low, @Nullable BigDecimal high) {
    public boolean contains(BigDecimal number) {
      return (low == null || number.compareTo(low) >= 0)
          && (high == null || number.compareTo(high) <= 0);
    }
  }

  /**
   * A history.
   *
   * @param count how many values, at least 2
   * @param spacing how far each is at least from the next; zero for any
   */
  record Series(int count, Duration spacing) {}

  /** A default: a number in the requirement's unit, or one of the coded values. */
  sealed interface DefaultValue {
    record Numeric(BigDecimal number) implements DefaultValue {}

    record Word(String word) implements DefaultValue {}
  }

  /** One coded answer that an observation may carry, and the word the model receives for it. */
  record CodedAnswer(String system, String code, @Nullable String display, String value) {}
}
