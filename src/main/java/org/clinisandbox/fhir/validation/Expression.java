package org.clinisandbox.fhir.validation;

import java.util.Set;
import org.clinisandbox.fhir.path.FhirPath;
import org.clinisandbox.fhir.path.FhirPathException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * HL7's own expression of a rule. It is compiled when it is first asked. Where it holds for an
 * empty element, it is only asked about elements that have one of the children that it names.
 */
final class Expression implements Rule.Test {
  private final String expression;
  private volatile @Nullable Compiled compiled;

  Expression(String expression) {
    this.expression = withoutTraces(expression);
  }

  /** Traces are for people who look for mistakes in an expression. */
  static String withoutTraces(String expression) {
    return expression.replaceAll("\\.trace\\('[a-z]+'(, id)?\\)", "");
  }

  /**
   * @param names of the children that it may depend on; empty when it may be on others
   */
  private record Compiled(FhirPath path, Set<String> names) {}

  private Compiled compiled() {
    Compiled known = compiled;
    if (known == null) {
      known = compile();
      compiled = known;
    }
    return known;
  }

  private Compiled compile() {
    try {
      FhirPath path = FhirPath.compile(expression);
      JsonNode nothing = JsonNodeFactory.instance.objectNode();
      return new Compiled(path, path.holds(nothing, "", nothing) ? path.childNames() : Set.of());
    } catch (FhirPathException e) {
      throw new IllegalStateException("An invariant cannot be compiled: " + expression, e);
    }
  }

  @Override
  public boolean holds(JsonNode element, String type, Scope scope) {
    Compiled rule = compiled();
    return (!rule.names().isEmpty() && element.isObject() && hasNone(element, rule.names()))
        || rule.path().holds(element, type, scope.resource());
  }

  private static boolean hasNone(JsonNode element, Set<String> names) {
    for (String property : element.propertyNames()) {
      String name = property.startsWith("_") ? property.substring(1) : property;
      if (names.contains(name)) {
        return false;
      }
      // A choice has its type appended.
      for (int i = 1; i < name.length(); i++) {
        if (Character.isUpperCase(name.charAt(i)) && names.contains(name.substring(0, i))) {
          return false;
        }
      }
    }
    return true;
  }
}
