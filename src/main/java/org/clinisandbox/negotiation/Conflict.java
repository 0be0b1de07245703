package org.clinisandbox.negotiation;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Whether values of one second contradict each other. What can't be read contradicts nothing. */
final class Conflict {
  private Conflict() {}

  /**
   * @param tolerance how far numbers may be apart, in the unit of the first
   */
  static boolean among(List<Reading> readings, BigDecimal tolerance) {
    if (readings.size() < 2) {
      return false;
    }
    if (readings.stream().filter(Reading.Word.class::isInstance).distinct().count() > 1) {
      return true;
    }
    List<Reading.Numeric> numbers =
        readings.stream()
            .filter(Reading.Numeric.class::isInstance)
            .map(Reading.Numeric.class::cast)
            .toList();
    List<BigDecimal> comparable = inOneUnit(numbers);
    return comparable.size() < numbers.size() || spread(comparable).compareTo(tolerance) > 0;
  }

  private static BigDecimal spread(List<BigDecimal> numbers) {
    return numbers.isEmpty()
        ? BigDecimal.ZERO
        : numbers.stream()
            .reduce(BigDecimal::max)
            .orElseThrow()
            .subtract(numbers.stream().reduce(BigDecimal::min).orElseThrow());
  }

  /** The numbers in the unit of the first; those that can't be turned into it are left out. */
  private static List<BigDecimal> inOneUnit(List<Reading.Numeric> numbers) {
    List<BigDecimal> comparable = new ArrayList<>();
    for (Reading.Numeric each : numbers) {
      String from = each.unit();
      String to = numbers.getFirst().unit();
      BigDecimal number =
          from == null || to == null
              ? (Objects.equals(from, to) ? each.number() : null)
              : Units.convert(each.number(), from, to, null);
      if (number != null) {
        comparable.add(number);
      }
    }
    return comparable;
  }
}
