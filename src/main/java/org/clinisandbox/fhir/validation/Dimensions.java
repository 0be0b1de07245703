package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Can what a LOINC code measures have this unit? A body temperature is never a mass. Only what can
 * never be is refused: an analyte may be weighed or counted, whatever its code says, because
 * records mix the two.
 */
final class Dimensions {
  /**
   * Units, each for its dimension, then the codes that are measured so. Laboratories write K/uL for
   * thousands.
   */
  private static final String TABLE =
      """
      Cel K : 8310-5 8331-1 8332-9 8328-7 8333-7 8329-5
      kg : 29463-7 3141-9 3142-7 8335-2 8339-4
      cm : 8302-2 8306-3 8308-9 3137-7 3138-5 9843-4 8287-5 8280-0 56086-2
      kg/m2 : 39156-5
      m2 : 8277-6 3140-1
      mm[Hg] : 8480-6 8462-4 8478-0 8459-0 8460-8 8461-6 8453-3 8454-1 8455-8 2019-8 2703-7
      /min : 8867-4 9279-1 8889-8 8893-0
      L/min : 3151-8
      % : 2708-6 59408-5 2710-2 20564-1 3150-0 4548-4 4544-3 20570-8 6301-6
      s : 5902-2 14979-9 3173-2
      g/L mol/L : 2160-0 38483-4 14682-9 59826-8 2345-7 2339-0 2340-8 1558-6 41653-7 14749-6
      g/L mol/L : 3094-0 6299-2 3091-6 22664-7 14937-7 1975-2 42719-5 14631-6 1968-7
      g/L mol/L : 2093-3 14647-2 2085-9 2089-1 18262-6 13457-7 2571-8 14927-8 3084-1
      g/L mol/L : 2524-7 32693-4 2518-9 2777-1 17861-6 49765-1 2000-8 19123-9 2601-3
      g/L mol/L : 1963-8 2028-9 20565-8 2951-2 2947-0 2823-3 6298-4 2075-0 2069-3
      g/L mol/L : 1751-7 2885-2 10834-0 718-7 786-4 1988-5 30934-4 33762-6 2276-4 33959-8
      g/L mol/L : 10839-9 6598-7 67151-1 89579-7 10535-3 14334-7
      U/L [IU]/L kat/L : 1742-6 1920-8 6768-6 2324-2 2532-0 2157-6 3040-3 1798-8
      /uL K/uL : 6690-2 26464-8 789-8 26453-1 777-3 26515-7
      fL : 787-2 21000-5 32207-3 32623-1
      pg fmol : 785-6
      mL/min mL/min/m2 mL/min/1.73.m2 : 33914-3 62238-1 98979-8 98980-6
      mL/min mL/min/m2 mL/min/1.73.m2 : 48642-3 48643-1 69405-9
      mg/g mg/mmol : 9318-7 14959-1 32294-1 30000-4
      """;

  private static final Map<String, Kind> KINDS = read();

  private Dimensions() {}

  /**
   * @param bases what units of these dimensions come down to
   */
  private record Kind(String wrong, Set<String> bases) {}

  /**
   * What is wrong with a unit for what a LOINC code measures, without repeating the two; null when
   * nothing is, or when one of them is not known here.
   */
  static @Nullable String wrong(String loinc, String ucumCode) {
    Kind kind = KINDS.get(loinc);
    if (kind == null) {
      return null;
    }
    String base = Ucum.base(ucumCode);
    return base == null || kind.bases.contains(base) ? null : kind.wrong;
  }

  /** The codes that are known. */
  static Set<String> codes() {
    return KINDS.keySet();
  }

  private static Map<String, Kind> read() {
    Map<String, Kind> kinds = new HashMap<>();
    TABLE
        .lines()
        .forEach(
            line -> {
              int colon = line.indexOf(" : ");
              String units = line.substring(0, colon);
              Kind kind = kind(units.split(" ", -1));
              for (String code : line.substring(colon + 3).split(" ", -1)) {
                kinds.put(code, kind);
              }
            });
    return Map.copyOf(kinds);
  }

  private static Kind kind(String... units) {
    return new Kind(
        "The unit does not fit the LOINC code, which is measured in units such as "
            + String.join(" or ", units)
            + ".",
        Stream.of(units)
            .map(unit -> requireNonNull(Ucum.base(unit), unit))
            .collect(Collectors.toUnmodifiableSet()));
  }
}
