package org.clinisandbox.fhir.validation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.jspecify.annotations.Nullable;

/**
 * Codes of The Unified Code for Units of Measure. The units are read at the first question; answers
 * are remembered, one for each place in a table, so that no flood of codes makes it grow.
 */
final class Ucum {
  /** More is no unit that anybody writes, and the reader's time grows with it. */
  private static final int LONGEST = 256;

  private static final int REMEMBERED = 1024;

  /** Written without a lock: what one thread does not see of another's it finds out itself. */
  private static final @Nullable Answer[] ANSWERS = new @Nullable Answer[REMEMBERED];

  private static final Pattern WORDS = Pattern.compile("\\{[\\p{ASCII}&&[^{}]]*}");

  private static final Answer NO_UNIT = new Answer("", false, null);

  private Ucum() {}

  /**
   * What a code was found to be.
   *
   * @param base the product of base units that it is a multiple of; null when it is no unit
   */
  private record Answer(String code, boolean valid, @Nullable String base) {}

  static boolean isValid(String code) {
    return answer(code).valid;
  }

  /**
   * The base units that it comes down to, equal for units of one dimension; empty for a pure
   * number, null when it is no unit. A mole is a number to UCUM.
   */
  static @Nullable String base(String code) {
    return answer(code).base;
  }

  /** The codes whose answers are at hand. */
  static List<String> remembered() {
    return Arrays.stream(ANSWERS).filter(Objects::nonNull).map(Answer::code).toList();
  }

  private static Answer answer(String given) {
    if (given.isEmpty() || given.length() > LONGEST) {
      return NO_UNIT;
    }
    String code = withoutWords(given);
    int place = (code.hashCode() * 0x9E3779B9) >>> 22;
    Answer known = ANSWERS[place];
    if (known == null || !known.code.equals(code)) {
      known = ask(code);
      // What is no unit may be anything, a name too.
      if (known.valid) {
        ANSWERS[place] = known;
      }
    }
    return known;
  }

  /**
   * A code with the same answer: what stands in braces is anybody's words, and no part of the unit.
   */
  private static String withoutWords(String code) {
    return code.indexOf('{') < 0 ? code : WORDS.matcher(code).replaceAll("{}");
  }

  private static Answer ask(String code) {
    try {
      Units.SERVICE.analyse(code);
    } catch (UcumException | RuntimeException e) {
      return new Answer(code, false, null);
    }
    return new Answer(code, true, baseOf(code));
  }

  private static @Nullable String baseOf(String code) {
    return switch (code) {
      // Not multiples of a kelvin, which is why the library has no base for them.
      case "Cel", "[degF]" -> "K";
      default -> {
        try {
          String base = Units.SERVICE.getCanonicalUnits(code);
          yield base.equals("1") ? "" : base;
        } catch (UcumException | RuntimeException e) {
          yield null;
        }
      }
    };
  }

  /** Loaded at the first question. */
  private static final class Units {
    static final UcumEssenceService SERVICE = load();

    private static UcumEssenceService load() {
      try (InputStream units = UcumEssenceService.class.getResourceAsStream("/ucum-essence.xml")) {
        return new UcumEssenceService(units);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (UcumException e) {
        throw new IllegalStateException("UCUM's units can't be read", e);
      }
    }
  }
}
