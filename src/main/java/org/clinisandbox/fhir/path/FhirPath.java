package org.clinisandbox.fhir.path;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.clinisandbox.fhir.path.Meter.Stop;
import tools.jackson.databind.JsonNode;

/**
 * A compiled rule in a subset of FHIRPath (<a href="http://hl7.org/fhirpath/N1">N1</a>), immutable
 * and safe for many threads. {@code docs/fhirpath.md} says what it can use.
 */
public final class FhirPath {
  /** UTF-16 units of one expression. */
  public static final int MAX_LENGTH = 2_000;

  /** What may see more of an element than the members that are named. */
  private static final Set<Function> LOOKS_AROUND =
      EnumSet.of(Function.CHILDREN, Function.DESCENDANTS, Function.EXTENSION, Function.HAS_VALUE);

  private final Expr expr;
  private final Set<String> variables;

  private FhirPath(Expr expr, Set<String> variables) {
    this.expr = expr;
    this.variables = variables;
  }

  /**
   * Reads an expression that may be hostile.
   *
   * @throws FhirPathException if it is too long or too deep, not FHIRPath, or uses what rules can't
   */
  public static FhirPath compile(String expression) throws FhirPathException {
    if (expression.length() > MAX_LENGTH) {
      throw new FhirPathException(
          MAX_LENGTH + 1,
          "The expression is too long; at most %d characters are accepted.".formatted(MAX_LENGTH));
    }
    Expr expr = Parser.parse(expression);
    Set<String> variables = new TreeSet<>();
    if (collect(expr, variables) > Parser.MAX_HEIGHT) {
      throw new FhirPathException(
          expr.at(),
          "Too many steps, calls and operators follow each other; at most %d are accepted."
              .formatted(Parser.MAX_HEIGHT));
    }
    variables.removeAll(Evaluator.STANDARD);
    return new FhirPath(expr, Set.copyOf(variables));
  }

  /** Gathers the variables' names and gives the height of the tree. */
  private static int collect(Expr root, Set<String> variables) {
    int height = 0;
    // Level by level: a long row of operators is a high tree, and recursion could overflow.
    for (List<Expr> level = List.of(root);
        !level.isEmpty();
        level = level.stream().flatMap(Expr::parts).toList()) {
      height++;
      for (Expr expr : level) {
        if (expr instanceof Expr.Variable v) {
          variables.add(v.name());
        }
      }
    }
    return height;
  }

  /**
   * The names, without {@code %}, of the variables it uses, other than FHIR's own ({@code
   * %resource}, {@code %context}, {@code %ucum}, {@code %sct}, {@code %loinc}).
   */
  public Set<String> variables() {
    return variables;
  }

  /**
   * Whether it is true of an element within a resource, as an invariant has to be. What is empty,
   * or can't be told, is not true.
   *
   * @param type of the element; of no matter where JSON shows it
   * @param resource that the element is in
   */
  public boolean holds(JsonNode element, String type, JsonNode resource) {
    Evaluator evaluator =
        new Evaluator(
            Tree.element(element, type),
            Tree.root(resource),
            Map.of(),
            Instant.EPOCH,
            new Meter(Budget.DEFAULT));
    try {
      return evaluator.answer(expr) == Truth.Answer.TRUE;
    } catch (Stop stop) {
      return false;
    }
  }

  /**
   * The names of all members that it names. What it says of an element that has none of them is
   * what it says of an empty one. Empty when it may depend on others.
   */
  public Set<String> childNames() {
    Set<String> names = new TreeSet<>();
    for (List<Expr> level = List.of(expr);
        !level.isEmpty();
        level = level.stream().flatMap(Expr::parts).toList()) {
      for (Expr each : level) {
        switch (each) {
          case Expr.Member member -> names.add(member.name());
          case Expr.Call call when LOOKS_AROUND.contains(call.function()) -> {
            return Set.of();
          }
          case Expr.Variable variable
              when variable.name().endsWith("esource") || variable.name().equals("context") -> {
            return Set.of();
          }
          default -> {}
        }
      }
    }
    return names;
  }

  /**
   * What it says of a resource. Never throws for what is in the expression or in the data.
   *
   * @param resource FHIR R4 as JSON
   * @param variables numbers, strings and booleans; JSON's null is an empty collection, and a
   *     variable that is not there is a failure
   * @param now what {@code now()}, {@code today()} and {@code timeOfDay()} answer, in UTC
   */
  public Truth evaluate(
      JsonNode resource, Map<String, JsonNode> variables, Instant now, Budget budget) {
    Meter meter = new Meter(budget);
    Evaluator evaluator =
        new Evaluator(Tree.root(resource), Tree.root(resource), variables, now, meter);
    try {
      return evaluator.answer(expr);
    } catch (Stop stop) {
      return new Truth.Failed(stop.why(), evaluator.at());
    }
  }
}
