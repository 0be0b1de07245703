package org.clinisandbox.fhir.path;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.clinisandbox.fhir.path.Expr.TypeUse;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Lexer.Kind;
import org.clinisandbox.fhir.path.Lexer.Token;
import org.jspecify.annotations.Nullable;

/** Precedence climbing over the grammar of FHIRPath N1. */
final class Parser {
  static final int MAX_NESTING = 32;

  /** As many steps, calls and operators in a row; evaluation recurses so deep. */
  static final int MAX_HEIGHT = 200;

  private static final int MAX_DIGITS = 40;

  /** In UTC each of these is as long as its UCUM unit; a calendar's years and months are not. */
  private static final Map<String, String> CALENDAR =
      Map.of(
          "year", "year",
          "month", "month",
          "week", "wk",
          "day", "d",
          "hour", "h",
          "minute", "min",
          "second", "s",
          "millisecond", "ms");

  private final List<Token> tokens;
  private int next;
  private int nesting;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Expr parse(String source) throws FhirPathException {
    Parser parser = new Parser(Lexer.tokens(source));
    Expr expr = parser.expression(0);
    Token rest = parser.peek();
    if (rest.kind() != Kind.END) {
      throw unexpected(rest, "the end or an operator");
    }
    return expr;
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    next = Math.min(next + 1, tokens.size() - 1);
    return token;
  }

  private boolean takeIf(String symbol) {
    boolean found = peek().is(symbol);
    if (found) {
      take();
    }
    return found;
  }

  private void demand(String symbol) throws FhirPathException {
    if (!takeIf(symbol)) {
      throw unexpected(peek(), symbol);
    }
  }

  private static FhirPathException unexpected(Token token, String wanted) {
    String found =
        token.kind() == Kind.END ? "the end" : "\"" + Lexer.printable(token.text()) + "\"";
    return new FhirPathException(token.at(), "Expected %s, found %s.".formatted(wanted, found));
  }

  private void enter() throws FhirPathException {
    if (++nesting > MAX_NESTING) {
      throw new FhirPathException(
          peek().at(),
          "This is nested too deep; at most %d levels are accepted.".formatted(MAX_NESTING));
    }
  }

  private Expr nested() throws FhirPathException {
    enter();
    Expr expr = expression(0);
    nesting--;
    return expr;
  }

  private Expr expression(int tighterThan) throws FhirPathException {
    Expr left = signed();
    while (true) {
      Token token = peek();
      TypeUse use = token.is("is") || token.is("as") ? TypeUse.of(token.text()) : null;
      boolean plain = token.kind() == Kind.WORD || token.kind() == Kind.SYMBOL;
      Operator operator = plain ? Operator.of(token.text()) : null;
      if (use != null && Operator.TYPE_LEVEL > tighterThan) {
        take();
        left = new Expr.Typed(left, use, type(), token.at());
      } else if (operator != null && operator.level() > tighterThan) {
        take();
        left = new Expr.Binary(operator, left, expression(operator.level()), token.at());
      } else {
        return left;
      }
    }
  }

  private Expr signed() throws FhirPathException {
    Token sign = peek();
    if (!sign.is("-") && !sign.is("+")) {
      return path();
    }
    take();
    enter();
    Expr of = signed();
    nesting--;
    return sign.is("-") ? new Expr.Negated(of, sign.at()) : of;
  }

  private Expr path() throws FhirPathException {
    Expr expr = term();
    while (true) {
      Token token = peek();
      if (takeIf(".")) {
        expr = invocation(expr);
      } else if (takeIf("[")) {
        expr = new Expr.Element(expr, nested(), token.at());
        demand("]");
      } else {
        return expr;
      }
    }
  }

  private Expr term() throws FhirPathException {
    Token token = take();
    int at = token.at();
    return switch (token.kind()) {
      case STRING -> new Expr.Literal(new Text(token.text()), at);
      case NUMBER -> number(token);
      case MOMENT -> moment(token);
      case VARIABLE -> new Expr.Variable(token.text(), at);
      case SPECIAL -> special(token);
      case QUOTED_WORD -> start(token);
      case WORD ->
          switch (token.text()) {
            case "true", "false" -> new Expr.Literal(new Bool(token.text().equals("true")), at);
            default -> start(token);
          };
      case SYMBOL -> {
        if (token.is("(")) {
          Expr inner = nested();
          demand(")");
          yield inner;
        }
        if (token.is("{")) {
          demand("}");
          yield new Expr.Literal(null, at);
        }
        throw unexpected(token, "a value, a path or a function");
      }
      case END -> throw unexpected(token, "a value, a path or a function");
    };
  }

  private static Expr special(Token token) throws FhirPathException {
    int at = token.at();
    return switch (token.text()) {
      case "this" -> new Expr.Self(at);
      case "index" -> new Expr.Index(at);
      case "total" -> new Expr.Total(at);
      default -> throw new FhirPathException(at, "Only $this, $index and $total begin with $.");
    };
  }

  /** The first step of a path: a type, an element of the input, or a function on it. */
  private Expr start(Token token) throws FhirPathException {
    Expr self = new Expr.Self(token.at());
    if (peek().is("(")) {
      return call(self, token);
    }
    String name = token.text();
    if (name.isEmpty() || !Character.isUpperCase(name.charAt(0))) {
      return new Expr.Member(self, element(token), token.at());
    }
    if (name.equals("FHIR") && takeIf(".")) {
      return new Expr.Start(named("FHIR", take()), token.at());
    }
    return new Expr.Start(named(null, token), token.at());
  }

  private Expr invocation(Expr of) throws FhirPathException {
    Token token = take();
    if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED_WORD) {
      throw unexpected(token, "the name of an element or function");
    }
    return peek().is("(") ? call(of, token) : new Expr.Member(of, element(token), token.at());
  }

  private static String element(Token token) throws FhirPathException {
    boolean reserved =
        switch (token.text()) {
          case "and", "or", "xor", "implies", "div", "mod", "true", "false" -> true;
          default -> false;
        };
    if (reserved && token.kind() == Kind.WORD) {
      throw unexpected(token, "the name of an element or function");
    }
    return token.text();
  }

  private Expr call(Expr of, Token name) throws FhirPathException {
    demand("(");
    TypeUse use = TypeUse.of(name.text());
    if (use != null) {
      Expr typed = new Expr.Typed(of, use, type(), name.at());
      demand(")");
      return typed;
    }
    Function function = Function.of(name.text());
    if (function == null) {
      throw new FhirPathException(name.at(), Function.whyNot(name.text()));
    }
    List<Expr> arguments = new ArrayList<>();
    if (!takeIf(")")) {
      do {
        arguments.add(nested());
      } while (takeIf(","));
      demand(")");
    }
    if (!function.takes(arguments.size())) {
      throw new FhirPathException(
          name.at(),
          "The function %s() takes %s arguments.".formatted(name.text(), function.arity()));
    }
    return new Expr.Call(of, function, List.copyOf(arguments), name.at());
  }

  private Types.Name type() throws FhirPathException {
    Token token = take();
    if ((token.is("FHIR") || token.is("System")) && takeIf(".")) {
      return named(token.text(), take());
    }
    return named(null, token);
  }

  private static Types.Name named(@Nullable String model, Token token) throws FhirPathException {
    boolean word = token.kind() == Kind.WORD || token.kind() == Kind.QUOTED_WORD;
    Types.Name name = word ? Types.name(model, token.text()) : null;
    if (name == null) {
      throw unexpected(token, "a type of FHIR R4 or FHIRPath");
    }
    return name;
  }

  private Expr number(Token token) throws FhirPathException {
    // Leading zeros and the point count too: nobody needs them.
    if (token.text().length() > MAX_DIGITS) {
      throw new FhirPathException(
          token.at(),
          "This number is too long; at most %d digits are accepted.".formatted(MAX_DIGITS));
    }
    BigDecimal value = new BigDecimal(token.text());
    Token unit = peek();
    if (unit.kind() == Kind.STRING) {
      take();
      return new Expr.Literal(new Amount(value, unit.text()), token.at());
    }
    String word =
        unit.text().endsWith("s")
            ? unit.text().substring(0, unit.text().length() - 1)
            : unit.text();
    String calendar = unit.kind() == Kind.WORD ? CALENDAR.get(word) : null;
    if (calendar != null) {
      take();
      return new Expr.Literal(new Amount(value, calendar), token.at());
    }
    return new Expr.Literal(Num.of(value), token.at());
  }

  private static Expr moment(Token token) throws FhirPathException {
    Moment moment = Moment.parse(token.text());
    boolean marked =
        moment == null || moment.kind() != Moment.Kind.TIME || token.text().startsWith("T");
    if (!marked) {
      throw new FhirPathException(token.at(), "A time begins with @T.");
    }
    if (moment == null) {
      throw new FhirPathException(token.at(), "The calendar has no such date or time.");
    }
    return new Expr.Literal(moment, token.at());
  }
}
