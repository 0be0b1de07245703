package org.clinisandbox.fhir.path;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions that rules can call. Those that take a type are in {@link Expr.TypeUse}. */
enum Function {
  EMPTY("empty", 0, 0),
  EXISTS("exists", 0, 1),
  NOT("not", 0, 0),
  ALL("all", 1, 1),
  ALL_TRUE("allTrue", 0, 0),
  ANY_TRUE("anyTrue", 0, 0),
  ALL_FALSE("allFalse", 0, 0),
  ANY_FALSE("anyFalse", 0, 0),
  COUNT("count", 0, 0),
  DISTINCT("distinct", 0, 0),
  IS_DISTINCT("isDistinct", 0, 0),
  WHERE("where", 1, 1),
  SELECT("select", 1, 1),
  REPEAT("repeat", 1, 1),
  AGGREGATE("aggregate", 1, 2),
  SINGLE("single", 0, 0),
  FIRST("first", 0, 0),
  LAST("last", 0, 0),
  TAIL("tail", 0, 0),
  SKIP("skip", 1, 1),
  TAKE("take", 1, 1),
  INTERSECT("intersect", 1, 1),
  EXCLUDE("exclude", 1, 1),
  UNION("union", 1, 1),
  COMBINE("combine", 1, 1),
  IIF("iif", 2, 3),
  TO_BOOLEAN("toBoolean", 0, 0),
  TO_INTEGER("toInteger", 0, 0),
  TO_DECIMAL("toDecimal", 0, 0),
  TO_STRING("toString", 0, 0),
  STARTS_WITH("startsWith", 1, 1),
  ENDS_WITH("endsWith", 1, 1),
  CONTAINS("contains", 1, 1),
  INDEX_OF("indexOf", 1, 1),
  SUBSTRING("substring", 1, 2),
  LENGTH("length", 0, 0),
  UPPER("upper", 0, 0),
  LOWER("lower", 0, 0),
  REPLACE("replace", 2, 2),
  ABS("abs", 0, 0),
  CEILING("ceiling", 0, 0),
  FLOOR("floor", 0, 0),
  ROUND("round", 0, 1),
  SQRT("sqrt", 0, 0),
  CHILDREN("children", 0, 0),
  DESCENDANTS("descendants", 0, 0),
  NOW("now", 0, 0),
  TODAY("today", 0, 0),
  TIME_OF_DAY("timeOfDay", 0, 0),
  EXTENSION("extension", 1, 1),
  HAS_VALUE("hasValue", 0, 0);

  /** Functions of FHIRPath or FHIR that are left out, with the reason. */
  private static final Map<String, String> REFUSED = new HashMap<>();

  private static final Map<String, Function> BY_NAME = new HashMap<>();

  static {
    for (Function function : values()) {
      BY_NAME.put(function.name, function);
    }
    refuse(
        "regular expressions can take time without end",
        Set.of("matches", "matchesFull", "replaceMatches"));
    refuse("nothing outside the resource is looked up", Set.of("resolve"));
    refuse(
        "it needs definitions or terminology that rules do not have",
        Set.of("conformsTo", "memberOf", "subsumes", "subsumedBy", "elementDefinition", "slice"));
    refuse("rules write no log", Set.of("trace"));
    refuse("it is for HL7's own invariants", Set.of("htmlChecks", "checkModifiers"));
  }

  private static void refuse(String why, Set<String> names) {
    names.forEach(name -> REFUSED.put(name, why));
  }

  private final String name;
  private final int least;
  private final int most;

  Function(String name, int least, int most) {
    this.name = name;
    this.least = least;
    this.most = most;
  }

  static @Nullable Function of(String name) {
    return BY_NAME.get(name);
  }

  /** Why there is no such function here. */
  static String whyNot(String name) {
    String why = REFUSED.get(name);
    return why == null
        ? "There is no function %s() here; docs/fhirpath.md lists what rules can use."
            .formatted(Lexer.printable(name))
        : "The function %s() is not supported here: %s.".formatted(name, why);
  }

  boolean takes(int arguments) {
    return arguments >= least && arguments <= most;
  }

  String arity() {
    return least == most ? String.valueOf(least) : least + " to " + most;
  }
}
