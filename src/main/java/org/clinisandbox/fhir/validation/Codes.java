package org.clinisandbox.fhir.validation;

import java.util.Currency;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The codes that an element with a required binding may have. */
sealed interface Codes {
  /** The code system of what is measured. */
  String LOINC = "http://loinc.org";

  /** The code system of units. */
  String UCUM = "http://unitsofmeasure.org";

  /** Whether it is one of them, wherever the system is not said. */
  boolean contains(String code);

  /** Whether it is one of them. */
  boolean contains(@Nullable String system, String code);

  /** Those that HL7 lists, by their systems. */
  record Listed(Map<String, Set<String>> bySystem, Set<String> all) implements Codes {
    static Listed of(Map<String, Set<String>> bySystem) {
      return new Listed(
          bySystem,
          bySystem.values().stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public boolean contains(String code) {
      return all.contains(code);
    }

    @Override
    public boolean contains(@Nullable String system, String code) {
      Set<String> codes = system == null ? null : bySystem.get(system);
      return codes != null && codes.contains(code);
    }
  }

  /** Those of a system that has a grammar, or that others keep. */
  record ByRule(String system, Predicate<String> rule) implements Codes {
    private static final Set<String> CURRENCIES =
        Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());

    /** The rule of a value set that HL7 does not list. */
    static ByRule named(String valueSet) {
      return switch (valueSet) {
        case "mimetypes" -> new ByRule("urn:ietf:bcp:13", code -> true);
        case "currencies" -> new ByRule("urn:iso:std:iso:4217", CURRENCIES::contains);
        case "ucum-units" -> new ByRule(UCUM, Ucum::isValid);
        default -> throw new IllegalArgumentException("no rule for " + valueSet);
      };
    }

    @Override
    public boolean contains(String code) {
      return rule.test(code);
    }

    @Override
    public boolean contains(@Nullable String of, String code) {
      return system.equals(of) && rule.test(code);
    }
  }
}
