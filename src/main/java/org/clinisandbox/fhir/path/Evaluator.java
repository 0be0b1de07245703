package org.clinisandbox.fhir.path;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.path.Expr.Binary;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Answer;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One evaluation of one expression. It recurses as deep as the expression is high, no deeper. */
final class Evaluator {
  /** The variables that every rule has. */
  static final Set<String> STANDARD =
      Set.of("resource", "rootResource", "context", "ucum", "sct", "loinc");

  /**
   * What an expression is about.
   *
   * @param self {@code $this}; where paths begin
   * @param index of self in the collection that a function goes through; -1 outside
   */
  record Scope(List<Item> self, int index, List<Item> total) {
    Scope of(Item item, int at) {
      return new Scope(List.of(item), at, total);
    }
  }

  private final List<Item> focus;
  private final List<Item> resource;
  private final Map<String, JsonNode> variables;
  private final Instant now;
  private final Meter meter;
  private final Equality equality;
  private final Calls calls;
  private int at = 1;

  /**
   * @param focus where paths begin
   * @param resource that it is in
   */
  Evaluator(Item focus, Item resource, Map<String, JsonNode> variables, Instant now, Meter meter) {
    this.focus = List.of(focus);
    this.resource = List.of(resource);
    this.variables = variables;
    this.now = now;
    this.meter = meter;
    equality = new Equality(meter);
    calls = new Calls(this, meter, equality);
  }

  /** Where it is, or was stopped. */
  int at() {
    return at;
  }

  Instant now() {
    return now;
  }

  Truth answer(Expr expr) {
    List<Item> result = collection(expr, new Scope(focus, -1, List.of()));
    if (result.isEmpty()) {
      return Answer.EMPTY;
    }
    Item value = result.size() == 1 ? Tree.value(result.getFirst()) : null;
    if (value instanceof Bool b) {
      return b.value() ? Answer.TRUE : Answer.FALSE;
    }
    throw new Stop(Cause.NOT_BOOLEAN);
  }

  List<Item> collection(Expr expr, Scope scope) {
    at = expr.at();
    meter.step();
    return switch (expr) {
      case Expr.Literal l -> optional(l.value());
      case Expr.Self _ -> scope.self();
      case Expr.Index _ -> scope.index() < 0 ? List.of() : List.of(Num.whole(scope.index()));
      case Expr.Total _ -> scope.total();
      case Expr.Variable v -> variable(v.name());
      case Expr.Start s -> ofType(scope.self(), s.type());
      case Expr.Member m -> members(collection(m.of(), scope), m.name());
      case Expr.Call c -> calls.call(c, collection(c.of(), scope), scope);
      case Expr.Typed t -> typed(t, collection(t.of(), scope));
      case Expr.Element e -> element(collection(e.of(), scope), item(e.index(), scope));
      case Expr.Negated n -> optional(negated(item(n.of(), scope)));
      case Binary b -> binary(b, scope);
    };
  }

  /** Its single value; null when it is empty. */
  @Nullable Item item(Expr expr, Scope scope) {
    return single(collection(expr, scope));
  }

  static @Nullable Item single(List<Item> items) {
    if (items.size() > 1) {
      throw new Stop(Cause.MANY);
    }
    return items.isEmpty() ? null : Tree.value(items.getFirst());
  }

  /** As a condition: any single item that is not a boolean counts as true. */
  @Nullable Boolean condition(Expr expr, Scope scope) {
    return condition(collection(expr, scope));
  }

  static @Nullable Boolean condition(List<Item> items) {
    Item value = single(items);
    return value == null ? null : !(value instanceof Bool b) || b.value();
  }

  static List<Item> optional(@Nullable Item item) {
    return item == null ? List.of() : List.of(item);
  }

  static List<Item> optional(@Nullable Boolean value) {
    return value == null ? List.of() : List.of(new Bool(value));
  }

  static int integer(Item item) {
    if (item instanceof Num n && n.whole()) {
      return n.value().intValueExact();
    }
    throw new Stop(Cause.TYPE);
  }

  private List<Item> variable(String name) {
    return switch (name) {
      case "resource", "rootResource" -> resource;
      case "context" -> focus;
      case "ucum" -> List.of(new Text("http://unitsofmeasure.org"));
      case "sct" -> List.of(new Text("http://snomed.info/sct"));
      case "loinc" -> List.of(new Text("http://loinc.org"));
      default -> {
        JsonNode value = variables.get(name);
        if (value == null || value.isContainer()) {
          throw new Stop(Cause.VARIABLE);
        }
        yield optional(Tree.value(new Node(value.isNull() ? null : value, null, null)));
      }
    };
  }

  private List<Item> ofType(List<Item> items, Types.Name type) {
    List<Item> out = new ArrayList<>();
    for (Item item : items) {
      if (Types.is(item, type)) {
        meter.add(out, item);
      }
    }
    return out;
  }

  private List<Item> typed(Expr.Typed expr, List<Item> input) {
    if (expr.use() == Expr.TypeUse.OF_TYPE) {
      return ofType(input, expr.type());
    }
    if (input.size() > 1) {
      throw new Stop(Cause.MANY);
    }
    List<Item> found = ofType(input, expr.type());
    return expr.use() == Expr.TypeUse.AS || input.isEmpty()
        ? found
        : List.of(new Bool(!found.isEmpty()));
  }

  private List<Item> members(List<Item> items, String name) {
    List<Item> out = new ArrayList<>();
    for (Item item : items) {
      meter.step();
      if (item instanceof Node node) {
        Tree.members(node, name, out, meter);
      }
    }
    return out;
  }

  private static List<Item> element(List<Item> items, @Nullable Item index) {
    if (index == null) {
      return List.of();
    }
    int i = integer(index);
    return i >= 0 && i < items.size() ? List.of(items.get(i)) : List.of();
  }

  private static @Nullable Item negated(@Nullable Item item) {
    return switch (item) {
      case null -> null;
      case Num n -> new Num(n.value().negate(), n.whole());
      case Amount a -> new Amount(a.value().negate(), a.unit());
      case Bool _, Text _, Moment _, Node _ -> throw new Stop(Cause.TYPE);
    };
  }

  private List<Item> binary(Binary b, Scope scope) {
    return switch (b.operator()) {
      case AND, OR, XOR, IMPLIES -> optional(logic(b, scope));
      case EQUAL, NOT_EQUAL -> {
        Boolean equal = equality.equal(collection(b.left(), scope), collection(b.right(), scope));
        yield optional(equal == null ? null : equal == (b.operator() == Operator.EQUAL));
      }
      case EQUIVALENT, NOT_EQUIVALENT ->
          optional(
              equality.equivalent(collection(b.left(), scope), collection(b.right(), scope))
                  == (b.operator() == Operator.EQUIVALENT));
      case IN -> calls.isIn(collection(b.left(), scope), collection(b.right(), scope));
      case CONTAINS -> {
        List<Item> left = collection(b.left(), scope);
        yield calls.isIn(collection(b.right(), scope), left);
      }
      case UNION -> calls.union(collection(b.left(), scope), collection(b.right(), scope));
      case CONCATENATE ->
          List.of(
              Arithmetic.concatenate(
                  calls.orEmpty(item(b.left(), scope)),
                  calls.orEmpty(item(b.right(), scope)),
                  meter));
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, PLUS, MINUS, TIMES, DIVIDE, DIV, MOD -> {
        Item left = item(b.left(), scope);
        Item right = item(b.right(), scope);
        at = b.at();
        yield (left == null || right == null) ? List.of() : pair(b.operator(), left, right);
      }
    };
  }

  private List<Item> pair(Operator operator, Item left, Item right) {
    return switch (operator) {
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> {
        Integer order = equality.compare(left, right);
        yield order == null ? List.of() : List.of(new Bool(holds(operator, order)));
      }
      default -> optional(Arithmetic.apply(operator, left, right, meter));
    };
  }

  private static boolean holds(Operator operator, int order) {
    return switch (operator) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private @Nullable Boolean logic(Binary b, Scope scope) {
    Boolean left = condition(b.left(), scope);
    Operator operator = b.operator();
    // What decides alone: false for and, implies; true for or.
    if (left != null && operator != Operator.XOR && left == (operator == Operator.OR)) {
      return operator != Operator.AND;
    }
    Boolean right = condition(b.right(), scope);
    return switch (operator) {
      case AND -> Boolean.FALSE.equals(right) ? right : left == null ? null : right;
      case OR -> Boolean.TRUE.equals(right) ? right : left == null ? null : right;
      case XOR -> (left == null || right == null) ? null : !left.equals(right);
      default -> Boolean.TRUE.equals(right) ? right : left == null ? null : right;
    };
  }
}
