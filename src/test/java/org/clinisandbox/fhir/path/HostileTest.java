package org.clinisandbox.fhir.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Whatever a rule says, it ends, and what ends it is the count, not the clock. */
class HostileTest {
  private static final JsonNode RECORD =
      Rules.file("src/test/resources/synthea/03_244entries.json");

  private static Truth evaluate(String expression, Budget budget, JsonNode resource) {
    return Rules.compiled(expression).evaluate(resource, Map.of(), Rules.NOW, budget);
  }

  private static String nested(String call, int times, String inner) {
    return nested(call, times, inner, ")");
  }

  private static String nested(String call, int times, String inner, String end) {
    return call.repeat(times) + inner + end.repeat(times);
  }

  static String[][] bombs() {
    String all = "%resource.descendants()";
    String doubled = ".select($this & $this)";
    return new String[][] {
      {"STEPS", nested("%resource.entry.where(", 5, "true", ").exists()")},
      {"STEPS", nested("%resource.entry.all(", 4, "fullUrl.exists()", ")")},
      {"STEPS", nested("%resource.entry.select(", 4, "fullUrl.empty()", ").anyTrue()")},
      {"STEPS", "entry.select(%resource.entry.select(%resource.entry.count())).count() > 0"},
      {"ITEMS", "entry.select(%resource.entry.combine(%resource.entry))"},
      {"ITEMS", "(1).repeat($this + 1)"},
      {"ITEMS", "(0.1).repeat($this + 0.1).count() > 0"},
      {"STEPS", "('a').repeat(($this & 'a') | ($this & 'b'))"},
      {"ITEMS", "(1)" + ".select($this.combine($this))".repeat(40)},
      {"STEPS", all + all.substring("%resource".length()).repeat(5)},
      {"TEXT", "'a'" + doubled.repeat(20)},
      {"TEXT", "'aa'" + ".select($this.replace('a', $this))".repeat(9)},
      {"TEXT", "'aaaaaaaaaaaaaaaa'" + ".replace('', 'aaaaaaaaaaaaaaaa')".repeat(9)},
      {"STEPS", all + ".where(" + all + ".count() > 0)"},
      {"STEPS", all + ".select(" + all + ".first()).count() = 0"},
      {"STEPS", all + ".repeat(" + all + ")"},
      {"STEPS", "entry.all(%resource ~ %resource)"},
      {"STEPS", all + ".all($this in " + all + ")"},
      {"STEPS", all + ".aggregate($total.combine($this), {}).distinct().count() > 0"},
      {"STEPS", "(1).repeat(iif($this < 99999, $this + 1)).all(9.sqrt() > 0)"},
      {"STEPS", "(1).repeat(iif($this < 99999, $this + 1)).skip($index).all($this in (1 | 2 | 3))"},
      {
        "STEPS",
        "'a'" + doubled.repeat(15) + ".select($this.indexOf($this.substring(9000) & 'b') = 1)"
      },
      {"STEPS", "(1).repeat(iif($this < 9999, $this + 1)).select('a'" + doubled.repeat(14) + ")"},
    };
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void a_bomb_ends_by_its_count(String cause, String expression) {
    Truth truth = evaluate(expression, Rules.NO_CLOCK, RECORD);

    assertThat(truth).isInstanceOf(Truth.Failed.class);
    assertThat(Rules.outcome(truth)).isEqualTo(cause);
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void every_bomb_of_this_list_is_more_than_the_default_allows(String cause, String expression) {
    assertThat(evaluate(expression, Budget.DEFAULT, RECORD)).isInstanceOf(Truth.Failed.class);
  }

  @Test
  void a_number_that_is_squared_without_end_stays_small() {
    String squared = "9" + ".select($this * $this)".repeat(30);

    assertThat(evaluate(squared + ".exists()", Rules.NO_CLOCK, RECORD))
        .isEqualTo(Truth.Answer.FALSE);
    assertThat(evaluate("1" + " / 3".repeat(90) + " < 1", Rules.NO_CLOCK, RECORD))
        .isEqualTo(Truth.Answer.TRUE);
  }

  @Test
  void a_number_of_the_resource_with_too_many_digits_is_not_computed_with() {
    ObjectNode resource = JsonNodeFactory.instance.objectNode();
    resource.put("digits", new BigDecimal("9".repeat(1_000)));
    resource.put("scale", new BigDecimal("1e999999999"));
    resource.put("none", Double.NaN);

    for (String name : new String[] {"digits", "scale", "none"}) {
      Truth truth = evaluate(name + " + 1 > 0", Rules.NO_CLOCK, resource);
      assertThat(Rules.outcome(truth)).as(name).isEqualTo("NUMBER");
      assertThat(Rules.outcome(evaluate("children().distinct().empty()", Rules.NO_CLOCK, resource)))
          .isEqualTo("NUMBER");
    }
  }

  @Test
  void data_that_are_nested_without_end_overflow_no_stack() {
    ObjectNode two = JsonNodeFactory.instance.objectNode();
    two.set("x", deep());
    two.set("y", deep());

    assertThat(Rules.outcome(evaluate("x = y", Rules.NO_CLOCK, two))).isEqualTo("DEPTH");
    assertThat(Rules.outcome(evaluate("x ~ y", Rules.NO_CLOCK, two))).isEqualTo("DEPTH");
    assertThat(Rules.outcome(evaluate("(x | y).empty()", Rules.NO_CLOCK, two))).isEqualTo("DEPTH");
    assertThat(evaluate("descendants().count() > 79999", Rules.NO_CLOCK, two))
        .isEqualTo(Truth.Answer.TRUE);
  }

  private static ObjectNode deep() {
    ObjectNode deep = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < 40_000; i++) {
      ObjectNode outer = JsonNodeFactory.instance.objectNode();
      outer.set("a", deep);
      deep = outer;
    }
    return deep;
  }

  /** A virtual thread of a server, or one that is deep in other calls already. */
  @ParameterizedTest
  @MethodSource("highest")
  void the_highest_expressions_need_little_stack(String expression) throws Exception {
    FutureTask<String> task =
        new FutureTask<>(
            () -> {
              try {
                return Rules.outcome(
                    FhirPath.compile(expression)
                        .evaluate(RECORD, Map.of(), Rules.NOW, Rules.NO_CLOCK));
              } catch (FhirPathException e) {
                return "REFUSED";
              }
            });
    Thread small = new Thread(null, task, "small", 300_000);
    small.start();

    assertThat(task.get(1, TimeUnit.MINUTES)).isIn("TRUE", "FALSE", "REFUSED");
  }

  static List<String> highest() {
    return List.of(
        "1" + "+1".repeat(195) + " > 0",
        "1" + "+1".repeat(990),
        nested("iif(true or true and 1 in 1 = 1 < 1 | 1 + 1 * ", 31, "1", ", true, true)"),
        nested("(1).select(", 31, "true" + " and true".repeat(120), ")"),
        nested("(", 32, "1" + " + 1".repeat(190), ")") + " > 0",
        nested("(1)" + ".first()".repeat(4) + ".where(", 31, "true", ")") + ".exists()");
  }

  @Test
  void the_clock_ends_what_its_counts_let_through() {
    Budget noTime =
        new Budget(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofNanos(1));

    assertThat(Rules.outcome(evaluate("descendants().exists()", noTime, RECORD))).isEqualTo("TIME");
  }

  @Test
  void each_part_of_a_budget_is_kept() {
    Duration day = Duration.ofDays(1);

    assertThat(cause("(1 | 2).exists()", new Budget(5, 9, 9, day))).isEqualTo(Cause.STEPS);
    assertThat(cause("(1).combine(2).combine(3).exists()", new Budget(99, 2, 9, day)))
        .isEqualTo(Cause.ITEMS);
    assertThat(cause("'12345' & '67890' = ''", new Budget(99, 9, 9, day))).isEqualTo(Cause.TEXT);
    assertThatThrownBy(() -> new Budget(0, 1, 1, day)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Cause cause(String expression, Budget budget) {
    return evaluate(expression, budget, RECORD) instanceof Truth.Failed failed
        ? failed.cause()
        : Cause.NOT_BOOLEAN;
  }

  @Test
  void what_is_too_long_too_deep_or_too_high_is_refused() {
    refused(nested("(", 33, "1"), 34, "nested too deep");
    refused("-".repeat(33) + "1", 34, "nested too deep");
    refused(nested("iif(", 33, "1"), 133, "nested too deep");
    refused("a[".repeat(40), 67, "nested too deep");
    refused("a" + ".a".repeat(200), 401, "follow each other");
    refused("1" + "+1".repeat(400), 800, "follow each other");
    refused(" ".repeat(2_000) + "1", 2_001, "too long");
    refused("9".repeat(1_999), 1, "too long");
    refused("1." + "0".repeat(1_900), 1, "too long");

    assertThat(Rules.compiled(nested("(", 32, "1")).variables()).isEmpty();
    assertThat(evaluate("1" + "+1".repeat(198) + " = 199", Rules.NO_CLOCK, RECORD))
        .isEqualTo(Truth.Answer.TRUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name.matches('(a+)+$')",
        "name.replaceMatches('a', 'b')",
        "subject.resolve()",
        "code.memberOf('x')",
        "conformsTo('x')",
        "text.`div`.htmlChecks()",
        "trace('x')",
        "noSuchFunction()"
      })
  void a_function_that_is_not_here_is_refused_with_the_reason(String expression) {
    assertThatThrownBy(() -> FhirPath.compile(expression))
        .isInstanceOf(FhirPathException.class)
        .hasMessageContaining("here");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '"',
      textBlock =
          """
          ''                     ! 1  ! Expected a value
          1 +                    ! 4  ! Expected a value
          (1                     ! 3  ! Expected )
          1 2                    ! 3  ! Expected the end
          a..b                   ! 3  ! Expected the name
          'open                  ! 1  ! not closed
          'a\\q'                 ! 3  ! no such escape
          '\\u12'                ! 2  ! Four hexadecimal
          /* open                ! 1  ! no end
          a # b                  ! 3  ! U+0023
          @                      ! 1  ! must follow @
          @2020-13               ! 1  ! calendar
          @12:00:00              ! 1  ! begins with @T
          $that                  ! 1  ! Only $this
          %                      ! 1  ! must follow %
          where()                ! 1  ! takes 1 arguments
          value.ofType(Quantty)  ! 14 ! Expected a type
          value is 5             ! 10 ! Expected a type
          Pateint.name           ! 1  ! Expected a type
          a and and              ! 7  ! Expected the name
          {1}                    ! 2  ! Expected }
          """)
  void a_mistake_is_told_with_its_column(String expression, int column, String what) {
    refused(expression.equals("''") ? "" : expression, column, what);
  }

  private static void refused(String expression, int column, String what) {
    assertThatThrownBy(() -> FhirPath.compile(expression))
        .as(expression)
        .isInstanceOfSatisfying(
            FhirPathException.class, e -> assertThat(e.column()).isEqualTo(column))
        .hasMessageStartingWith("Column " + column + ": ")
        .hasMessageContaining(what);
  }
}
