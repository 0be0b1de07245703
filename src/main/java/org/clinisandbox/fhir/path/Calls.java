package org.clinisandbox.fhir.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.clinisandbox.fhir.path.Evaluator.Scope;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;

/** The functions. */
final class Calls {
  private final Evaluator evaluator;
  private final Meter meter;
  private final Equality equality;
  private final Texts texts;
  private final Numbers numbers;

  Calls(Evaluator evaluator, Meter meter, Equality equality) {
    this.evaluator = evaluator;
    this.meter = meter;
    this.equality = equality;
    texts = new Texts(meter);
    numbers = new Numbers(meter, texts);
  }

  List<Item> call(Expr.Call call, List<Item> in, Scope scope) {
    return switch (call.function()) {
      case EMPTY -> bool(in.isEmpty());
      case EXISTS -> bool(call.arguments().isEmpty() ? !in.isEmpty() : any(call, in, scope));
      case NOT -> {
        Boolean value = Evaluator.condition(in);
        yield value == null ? List.of() : bool(!value);
      }
      case ALL -> bool(where(call, in, scope).size() == in.size());
      case ALL_TRUE -> bool(!booleans(in).contains(false));
      case ANY_TRUE -> bool(booleans(in).contains(true));
      case ALL_FALSE -> bool(!booleans(in).contains(true));
      case ANY_FALSE -> bool(booleans(in).contains(false));
      case COUNT -> List.of(Num.whole(in.size()));
      case DISTINCT -> union(in, List.of());
      case IS_DISTINCT -> bool(union(in, List.of()).size() == in.size());
      case WHERE -> where(call, in, scope);
      case SELECT -> select(call, in, scope);
      case REPEAT -> repeat(call, in, scope);
      case AGGREGATE -> aggregate(call, in, scope);
      case SINGLE -> {
        Evaluator.single(in);
        yield in;
      }
      case FIRST -> in.isEmpty() ? in : List.of(in.getFirst());
      case LAST -> in.isEmpty() ? in : List.of(in.getLast());
      case TAIL -> in.isEmpty() ? in : in.subList(1, in.size());
      case SKIP, TAKE -> cut(call, in, scope);
      case INTERSECT -> kept(in, argument(call, 0, scope), true);
      case EXCLUDE -> kept(in, argument(call, 0, scope), false);
      case UNION -> union(in, argument(call, 0, scope));
      case COMBINE -> combined(in, argument(call, 0, scope));
      case IIF -> iif(call, in, scope);
      case TO_BOOLEAN, TO_INTEGER, TO_DECIMAL, TO_STRING -> {
        Item value = Evaluator.single(in);
        yield value == null
            ? List.of()
            : Evaluator.optional(numbers.converted(call.function(), value));
      }
      case STARTS_WITH, ENDS_WITH, CONTAINS, INDEX_OF, SUBSTRING, LENGTH, UPPER, LOWER, REPLACE -> {
        String text = texts.single(in);
        yield text == null ? List.of() : text(call, text, scope);
      }
      case ABS, CEILING, FLOOR, ROUND, SQRT -> {
        Item value = Evaluator.single(in);
        yield value == null ? List.of() : computed(call, value, scope);
      }
      case CHILDREN -> children(in);
      case DESCENDANTS -> descendants(in);
      case NOW -> List.of(Moment.of(evaluator.now(), Moment.Kind.DATE_TIME));
      case TODAY -> List.of(Moment.of(evaluator.now(), Moment.Kind.DATE));
      case TIME_OF_DAY -> List.of(Moment.of(evaluator.now(), Moment.Kind.TIME));
      case EXTENSION -> extension(in, argument(call, 0, scope));
      case HAS_VALUE -> bool(in.size() == 1 && hasValue(in.getFirst()));
    };
  }

  private static List<Item> bool(boolean value) {
    return List.of(new Bool(value));
  }

  /** Arguments that are not applied to each item see what the call's surroundings see. */
  private List<Item> argument(Expr.Call call, int index, Scope scope) {
    return evaluator.collection(call.arguments().get(index), scope);
  }

  private @Nullable Item item(Expr.Call call, int index, Scope scope) {
    return evaluator.item(call.arguments().get(index), scope);
  }

  private boolean any(Expr.Call call, List<Item> in, Scope scope) {
    return !where(call, in, scope).isEmpty();
  }

  private List<Item> where(Expr.Call call, List<Item> in, Scope scope) {
    List<Item> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      Scope inner = scope.of(in.get(i), i);
      if (Boolean.TRUE.equals(evaluator.condition(call.arguments().getFirst(), inner))) {
        meter.add(out, in.get(i));
      }
    }
    return out;
  }

  private List<Item> select(Expr.Call call, List<Item> in, Scope scope) {
    List<Item> out = new ArrayList<>();
    for (int i = 0; i < in.size(); i++) {
      for (Item item : argument(call, 0, scope.of(in.get(i), i))) {
        meter.add(out, item);
      }
    }
    return out;
  }

  private List<Item> repeat(Expr.Call call, List<Item> in, Scope scope) {
    Unique seen = new Unique(meter, equality);
    List<Item> out = new ArrayList<>();
    Queue<Item> open = new ArrayDeque<>(in);
    meter.steps(in.size());
    int index = 0;
    while (!open.isEmpty()) {
      for (Item item : argument(call, 0, scope.of(open.remove(), index++))) {
        if (seen.add(item)) {
          meter.add(out, item);
          open.add(item);
        }
      }
    }
    return out;
  }

  private List<Item> aggregate(Expr.Call call, List<Item> in, Scope scope) {
    List<Item> total = call.arguments().size() > 1 ? argument(call, 1, scope) : List.of();
    for (int i = 0; i < in.size(); i++) {
      total = argument(call, 0, new Scope(List.of(in.get(i)), i, total));
    }
    return total;
  }

  private List<Item> iif(Expr.Call call, List<Item> in, Scope scope) {
    Scope inner = new Scope(in, scope.index(), scope.total());
    if (Boolean.TRUE.equals(evaluator.condition(call.arguments().getFirst(), inner))) {
      return argument(call, 1, inner);
    }
    return call.arguments().size() > 2 ? argument(call, 2, inner) : List.of();
  }

  private List<Boolean> booleans(List<Item> in) {
    meter.steps(in.size());
    return in.stream()
        .map(
            item ->
                switch (Tree.value(item)) {
                  case Bool b -> b.value();
                  case null, default -> throw new Stop(Cause.TYPE);
                })
        .toList();
  }

  private List<Item> cut(Expr.Call call, List<Item> in, Scope scope) {
    Item count = item(call, 0, scope);
    if (count == null) {
      return List.of();
    }
    int at = Math.clamp(Evaluator.integer(count), 0, in.size());
    return call.function() == Function.SKIP ? in.subList(at, in.size()) : in.subList(0, at);
  }

  private List<Item> kept(List<Item> in, List<Item> other, boolean present) {
    Unique set = new Unique(meter, equality);
    other.forEach(set::add);
    List<Item> out = new ArrayList<>();
    for (Item item : in) {
      if (set.has(item) == present) {
        meter.add(out, item);
      }
    }
    return present ? union(out, List.of()) : out;
  }

  List<Item> union(List<Item> left, List<Item> right) {
    Unique seen = new Unique(meter, equality);
    List<Item> out = new ArrayList<>();
    for (List<Item> items : List.of(left, right)) {
      for (Item item : items) {
        if (seen.add(item)) {
          meter.add(out, item);
        }
      }
    }
    return out;
  }

  private List<Item> combined(List<Item> left, List<Item> right) {
    List<Item> out = new ArrayList<>();
    left.forEach(item -> meter.add(out, item));
    right.forEach(item -> meter.add(out, item));
    return out;
  }

  List<Item> isIn(List<Item> member, List<Item> collection) {
    if (member.isEmpty()) {
      return List.of();
    }
    if (member.size() > 1) {
      throw new Stop(Cause.MANY);
    }
    return bool(collection.stream().anyMatch(item -> equality.same(item, member.getFirst())));
  }

  String orEmpty(@Nullable Item item) {
    String text = item == null ? "" : texts.of(item);
    if (text == null) {
      throw new Stop(Cause.TYPE);
    }
    return text;
  }

  private List<Item> children(List<Item> in) {
    List<Item> out = new ArrayList<>();
    for (Item item : in) {
      meter.step();
      if (item instanceof Node node) {
        Tree.children(node, out, meter);
      }
    }
    return out;
  }

  private List<Item> descendants(List<Item> in) {
    List<Item> out = new ArrayList<>();
    List<Item> level = children(in);
    while (!level.isEmpty()) {
      level.forEach(item -> meter.add(out, item));
      level = children(level);
    }
    return out;
  }

  private List<Item> extension(List<Item> in, List<Item> url) {
    List<Item> out = new ArrayList<>();
    String wanted = texts.single(url);
    for (Item item : in) {
      List<Item> all = new ArrayList<>();
      if (item instanceof Node node) {
        Tree.members(node, "extension", all, meter);
      }
      for (Item extension : all) {
        List<Item> found = new ArrayList<>();
        if (extension instanceof Node node) {
          Tree.members(node, "url", found, meter);
        }
        if (wanted != null && found.size() == 1 && wanted.equals(texts.single(found))) {
          meter.add(out, extension);
        }
      }
    }
    return out;
  }

  private static boolean hasValue(Item item) {
    return !(item instanceof Node n) || (n.json() != null && n.json().isValueNode());
  }

  private List<Item> text(Expr.Call call, String text, Scope scope) {
    List<Item> arguments = new ArrayList<>();
    for (int i = 0; i < call.arguments().size(); i++) {
      Item argument = item(call, i, scope);
      if (argument == null) {
        return List.of();
      }
      arguments.add(argument);
    }
    return Evaluator.optional(texts.call(call.function(), text, arguments));
  }

  private List<Item> computed(Expr.Call call, Item value, Scope scope) {
    Item scale = call.arguments().isEmpty() ? Num.whole(0) : item(call, 0, scope);
    return scale == null
        ? List.of()
        : Evaluator.optional(numbers.computed(call.function(), value, Evaluator.integer(scale)));
  }
}
