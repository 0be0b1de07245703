package org.clinisandbox.fhir.path;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Random expressions either do not compile or end with an answer; nothing else ever happens. */
class FuzzTest {
  private static final JsonNode RECORD = Rules.file("tests/payloads/sepsis_valid.json");
  private static final Budget SMALL = new Budget(2_000, 100, 40, Duration.ofDays(1));
  private static final int ROUNDS = 40_000;

  private static final String[] ATOMS = {
    "entry",
    "resource",
    "value",
    "code",
    "coding",
    "effective",
    "birthDate",
    "name",
    "Bundle",
    "$this",
    "$index",
    "$total",
    "%resource",
    "%x",
    "%ucum",
    "1",
    "0",
    "2.50",
    "99999999999",
    "true",
    "false",
    "'a'",
    "''",
    "'1 a'",
    "{}",
    "@2020",
    "@2020-02-29T10:00:00Z",
    "@T10:30",
    "4 'mg'",
    "3 months",
    "now()",
    "today()",
    "children()",
    "descendants()"
  };

  private static final String[] OPERATORS = {
    "+",
    "-",
    "*",
    "/",
    "div",
    "mod",
    "&",
    "|",
    "=",
    "!=",
    "~",
    "!~",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "contains",
    "and",
    "or",
    "xor",
    "implies"
  };

  private static final String[] TYPES = {
    "Patient", "Quantity", "string", "System.String", "FHIR.dateTime", "Observation", "Element"
  };

  private static final String GARBAGE =
      "abz019 .,()[]{}'`\"@%$=~!<>+-*/|&\\\n\t\u0000\u00e9\ud83d\u2028Tu:";

  private final Random random = new Random(20_260_203);

  private <T> T one(T[] of) {
    return of[random.nextInt(of.length)];
  }

  private String expression(int depth) {
    if (depth == 0) {
      return one(ATOMS);
    }
    String left = expression(depth - 1);
    return switch (random.nextInt(8)) {
      case 0 -> left + " " + one(OPERATORS) + " " + expression(depth - 1);
      case 1 -> "(" + left + " " + one(OPERATORS) + " " + expression(depth - 1) + ")";
      case 2 -> left + "[" + expression(depth - 1) + "]";
      case 3 -> left + (random.nextBoolean() ? " is " : " as ") + one(TYPES);
      case 4 -> "-" + left;
      case 5 -> left + "." + one(ATOMS);
      default -> left + "." + call(depth);
    };
  }

  private String call(int depth) {
    if (random.nextInt(12) == 0) {
      return "ofType(" + one(TYPES) + ")";
    }
    Function function = one(Function.values());
    StringBuilder call = new StringBuilder(name(function)).append('(');
    for (int i = 0; i < 4; i++) {
      if (function.takes(i) && (random.nextBoolean() || !function.takes(i + 1))) {
        return call.append(')').toString();
      }
      call.append(i == 0 ? "" : ", ").append(expression(depth - 1));
    }
    return call.append(')').toString();
  }

  private static String name(Function function) {
    StringBuilder name = new StringBuilder();
    for (String word : function.name().split("_", -1)) {
      String lower = word.toLowerCase(Locale.ROOT);
      name.append(name.isEmpty() ? lower : word.charAt(0) + lower.substring(1));
    }
    return name.toString();
  }

  private String garbage() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(60);
    for (int i = 0; i < length; i++) {
      text.append(GARBAGE.charAt(random.nextInt(GARBAGE.length())));
    }
    return text.toString();
  }

  private String broken(String expression) {
    int at = random.nextInt(expression.length());
    String middle = random.nextBoolean() ? garbage() : "";
    return expression.substring(0, at)
        + middle
        + expression.substring(Math.min(at + 2, expression.length()));
  }

  private static String outcome(String expression) {
    try {
      FhirPath rule = FhirPath.compile(expression);
      return Rules.outcome(
          rule.evaluate(RECORD, Map.of("x", Rules.json("'2020'")), Rules.NOW, SMALL));
    } catch (FhirPathException e) {
      return "REFUSED";
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(expression, e);
    }
  }

  @Test
  void expressions_of_the_grammar() {
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      seen.merge(outcome(expression(1 + random.nextInt(5))), 1, Integer::sum);
    }
    assertThat(seen)
        .containsKeys(
            "TRUE", "FALSE", "EMPTY", "REFUSED", "STEPS", "ITEMS", "TEXT", "TYPE", "MANY");
  }

  @Test
  void garbage_and_broken_expressions() {
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < ROUNDS; i++) {
      String text = random.nextBoolean() ? garbage() : broken(expression(3));
      seen.merge(outcome(text), 1, Integer::sum);
    }
    assertThat(seen).containsKeys("TRUE", "REFUSED");
  }
}
