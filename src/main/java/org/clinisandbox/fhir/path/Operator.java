package org.clinisandbox.fhir.path;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operators between two expressions; the higher the level, the tighter they bind. */
enum Operator {
  IMPLIES("implies", 1),
  OR("or", 2),
  XOR("xor", 2),
  AND("and", 3),
  IN("in", 4),
  CONTAINS("contains", 4),
  EQUAL("=", 5),
  NOT_EQUAL("!=", 5),
  EQUIVALENT("~", 5),
  NOT_EQUIVALENT("!~", 5),
  LESS("<", 6),
  LESS_OR_EQUAL("<=", 6),
  GREATER(">", 6),
  GREATER_OR_EQUAL(">=", 6),
  UNION("|", 7),
  PLUS("+", 9),
  MINUS("-", 9),
  CONCATENATE("&", 9),
  TIMES("*", 10),
  DIVIDE("/", 10),
  DIV("div", 10),
  MOD("mod", 10);

  /** The level of {@code is} and {@code as}, whose right side is a type. */
  static final int TYPE_LEVEL = 8;

  private static final Map<String, Operator> BY_SYMBOL = new HashMap<>();

  static {
    for (Operator operator : values()) {
      BY_SYMBOL.put(operator.symbol, operator);
    }
  }

  private final String symbol;
  private final int level;

  Operator(String symbol, int level) {
    this.symbol = symbol;
    this.level = level;
  }

  static @Nullable Operator of(String symbol) {
    return BY_SYMBOL.get(symbol);
  }

  int level() {
    return level;
  }
}
