package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.clinisandbox.fhir.PatientFact;
import org.clinisandbox.fhir.PatientFact.BirthDate;
import org.clinisandbox.registry.Manifest;
import org.clinisandbox.registry.Requirement;
import org.clinisandbox.registry.Requirement.OfPatient;
import org.clinisandbox.registry.Requirement.OfPatient.Item;
import org.jspecify.annotations.Nullable;

/** The patient's age and sex: whether they are known, and inside a model's population. */
final class PatientCheck {
  /** No human being has been known to reach it. */
  private static final int IMPLAUSIBLE_AGE = 130;

  private static final String UNKNOWN = "unknown";

  private final @Nullable PatientFact patient;
  private final Manifest.Population population;
  private final LocalDate today;
  private final @Nullable Ages ages;

  PatientCheck(@Nullable PatientFact patient, Manifest.Population population, LocalDate today) {
    this.patient = patient;
    this.population = population;
    this.today = today;
    this.ages = ages();
  }

  /** Ages that a date of birth allows, in completed years. */
  private record Ages(int least, int most) {
    boolean exact() {
      return least == most;
    }
  }

  /** A gap for each limit of the population that the patient is certainly outside of. */
  List<Gap> outOfPopulation() {
    List<Gap> gaps = new ArrayList<>();
    Requirement.Range limits = population.age();
    if (limits != null && ages != null && outside(ages, limits)) {
      gaps.add(outside(Item.AGE, "The model is for patients aged " + Texts.range(limits) + "."));
    }
    String sex = sex();
    if (!population.sexes().isEmpty() && sex != null && !population.sexes().contains(sex)) {
      gaps.add(
          outside(
              Item.SEX,
              "The model is for patients whose sex is "
                  + Texts.or(population.sexes().stream().sorted().toList())
                  + "."));
    }
    return gaps;
  }

  private static boolean outside(Ages ages, Requirement.Range limits) {
    BigDecimal low = limits.low();
    BigDecimal high = limits.high();
    return (low != null && BigDecimal.valueOf(ages.most()).compareTo(low) < 0)
        || (high != null && BigDecimal.valueOf(ages.least()).compareTo(high) > 0);
  }

  private static Gap outside(Item item, String detail) {
    return new Gap(
        new OfPatient(item, true, null),
        Reason.OUT_OF_POPULATION,
        detail,
        true,
        false,
        false,
        List.of());
  }

  /** The facts that the population depends on and that are not known well enough. */
  List<Item> undecided() {
    List<Item> items = new ArrayList<>();
    Requirement.Range limits = population.age();
    if (limits != null && (ages == null || !inside(ages, limits))) {
      items.add(Item.AGE);
    }
    if (!population.sexes().isEmpty() && sex() == null) {
      items.add(Item.SEX);
    }
    return items;
  }

  private static boolean inside(Ages ages, Requirement.Range limits) {
    return limits.contains(BigDecimal.valueOf(ages.least()))
        && limits.contains(BigDecimal.valueOf(ages.most()));
  }

  /** The fact as an input, or why there is none. */
  Finding find(Item item) {
    return switch (item) {
      case AGE -> findAge();
      case SEX -> findWord(Item.SEX, sex(), "known sex");
      case RACE -> findWord(Item.RACE, patient == null ? null : patient.race(), "race of US Core");
    };
  }

  private Finding findAge() {
    if (patient == null || patient.birthDate() == null) {
      return missing("date of birth");
    }
    if (ages == null) {
      return Finding.Unmet.unread(
          Reason.IMPLAUSIBLE,
          "The date of birth is in the future, or makes the patient "
              + IMPLAUSIBLE_AGE
              + " or older.");
    }
    if (!ages.exact()) {
      return Finding.Unmet.missing(
          "The date of birth names only a year or a month; the full date is needed.");
    }
    return met(Item.AGE, new Input.Value.Numeric(BigDecimal.valueOf(ages.least())), "a", patient);
  }

  private Finding findWord(Item item, @Nullable String word, String what) {
    return patient == null || word == null
        ? missing(what)
        : met(item, new Input.Value.Word(word), null, patient);
  }

  private Finding missing(String fact) {
    return Finding.Unmet.missing(
        patient == null
            ? "The bundle has no Patient resource."
            : "The Patient resource has no " + fact + ".");
  }

  private static Finding met(
      Item item, Input.Value value, @Nullable String unit, PatientFact patient) {
    return new Finding.Met(
        new Input(item.label(), value, unit, null, patient.source(), null, null, null, List.of()));
  }

  /** Null when there is no date of birth or it can't be true. */
  private @Nullable Ages ages() {
    BirthDate birth = patient == null ? null : patient.birthDate();
    if (birth == null) {
      return null;
    }
    // East of Greenwich the day of birth can be tomorrow's date in UTC.
    LocalDate latest = birth.latest().isAfter(today) ? today : birth.latest();
    Ages ages = new Ages(completedYears(latest), completedYears(birth.earliest()));
    boolean unborn = birth.earliest().isAfter(today.plusDays(1));
    return unborn || ages.least() >= IMPLAUSIBLE_AGE ? null : ages;
  }

  private int completedYears(LocalDate birth) {
    return (int) Math.max(0, ChronoUnit.YEARS.between(birth, today));
  }

  /** Null when it is not known. */
  private @Nullable String sex() {
    String gender = patient == null ? null : patient.gender();
    return UNKNOWN.equals(gender) ? null : gender;
  }
}
