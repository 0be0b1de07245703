package org.clinisandbox.fhir.path;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code =}, {@code ~} and {@code <} of items and collections. Null means empty throughout. */
final class Equality {
  /** Deeper than any body that is let in. */
  static final int MAX_DEPTH = 200;

  private final Meter meter;

  Equality(Meter meter) {
    this.meter = meter;
  }

  @Nullable Boolean equal(List<Item> left, List<Item> right) {
    if (left.isEmpty() || right.isEmpty()) {
      return null;
    }
    if (left.size() != right.size()) {
      return false;
    }
    boolean known = true;
    for (int i = 0; i < left.size(); i++) {
      Boolean equal = equal(left.get(i), right.get(i));
      if (equal == null) {
        known = false;
      } else if (!equal) {
        return false;
      }
    }
    return known ? true : null;
  }

  boolean same(Item left, Item right) {
    return Boolean.TRUE.equals(equal(left, right));
  }

  @Nullable Boolean equal(Item left, Item right) {
    meter.step();
    Item a = Tree.value(left);
    Item b = Tree.value(right);
    if (a == null || b == null) {
      return null;
    }
    if (a instanceof Text s && b instanceof Text t) {
      meter.read(Math.min(s.value().length(), t.value().length()));
      return s.value().equals(t.value());
    }
    if (a instanceof Bool s && b instanceof Bool t) {
      return s.value() == t.value();
    }
    if (a instanceof Num s && b instanceof Num t) {
      return s.value().compareTo(t.value()) == 0;
    }
    if (a instanceof Node s && b instanceof Node t) {
      return deep(s.json(), t.json(), 0);
    }
    if (a instanceof Moment || b instanceof Moment) {
      Moment s = moment(a);
      Moment t = moment(b);
      if (s == null || t == null || !s.comparable(t)) {
        return false;
      }
      return zero(s.compare(t));
    }
    if (a instanceof Amount || b instanceof Amount) {
      if (a instanceof Text || b instanceof Text || a instanceof Bool || b instanceof Bool) {
        return false;
      }
      return zero(compare(Tree.amount(a), Tree.amount(b)));
    }
    return false;
  }

  private static @Nullable Boolean zero(@Nullable Integer order) {
    return order == null ? null : order == 0;
  }

  /** The order of two single items; null when it can't be told. */
  @Nullable Integer compare(Item a, Item b) {
    meter.step();
    if (a instanceof Text s && b instanceof Text t) {
      meter.read(Math.min(s.value().length(), t.value().length()));
      return s.value().compareTo(t.value());
    }
    if (a instanceof Num s && b instanceof Num t) {
      return s.value().compareTo(t.value());
    }
    if (a instanceof Moment || b instanceof Moment) {
      Moment s = moment(a);
      Moment t = moment(b);
      if (s == null || t == null || !s.comparable(t)) {
        throw new Stop(Cause.TYPE);
      }
      return s.compare(t);
    }
    if (isAmount(a) && isAmount(b)) {
      return compare(Tree.amount(a), Tree.amount(b));
    }
    throw new Stop(Cause.TYPE);
  }

  /** Whether it can be a quantity, though perhaps one without a unit to compare. */
  static boolean isAmount(Item item) {
    return switch (item) {
      case Amount _, Num _ -> true;
      case Node n -> n.json() != null && n.json().has("value");
      case Bool _, Text _, Moment _ -> false;
    };
  }

  private static @Nullable Integer compare(@Nullable Amount a, @Nullable Amount b) {
    return (a == null || b == null || !a.unit().equals(b.unit()))
        ? null
        : a.value().compareTo(b.value());
  }

  /** A text is a date where it meets one. */
  static @Nullable Moment moment(Item item) {
    return switch (item) {
      case Moment m -> m;
      case Text t -> Moment.parse(t.value());
      case Bool _, Num _, Amount _, Node _ -> null;
    };
  }

  private boolean deep(@Nullable JsonNode a, @Nullable JsonNode b, int depth) {
    meter.step();
    if (a == null || b == null) {
      return a == null && b == null;
    }
    if (depth > MAX_DEPTH) {
      throw new Stop(Cause.DEPTH);
    }
    if (a.isNumber() && b.isNumber()) {
      return number(a).compareTo(number(b)) == 0;
    }
    if (a.getNodeType() != b.getNodeType() || a.size() != b.size()) {
      return false;
    }
    if (a.isObject()) {
      for (Map.Entry<String, JsonNode> property : a.properties()) {
        if (!deep(property.getValue(), b.get(property.getKey()), depth + 1)) {
          return false;
        }
      }
      return true;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!deep(a.get(i), b.get(i), depth + 1)) {
        return false;
      }
    }
    if (a.isString()) {
      meter.read(Math.min(a.stringValue().length(), b.stringValue().length()));
    }
    return a.isArray() || a.equals(b);
  }

  private static BigDecimal number(JsonNode json) {
    return Num.of(json).value();
  }

  /** In any order. */
  boolean equivalent(List<Item> left, List<Item> right) {
    return equivalent(left, right, 0);
  }

  private boolean equivalent(List<Item> left, List<Item> right, int depth) {
    if (left.size() != right.size()) {
      return false;
    }
    List<Item> rest = new ArrayList<>(right);
    meter.steps(rest.size());
    for (Item item : left) {
      int found = 0;
      while (found < rest.size() && !equivalent(item, rest.get(found), depth)) {
        found++;
      }
      if (found == rest.size()) {
        return false;
      }
      meter.read(rest.size());
      rest.remove(found);
    }
    return true;
  }

  private boolean equivalent(Item left, Item right, int depth) {
    meter.step();
    if (depth > MAX_DEPTH) {
      throw new Stop(Cause.DEPTH);
    }
    Item a = Tree.value(left);
    Item b = Tree.value(right);
    if (a == null || b == null) {
      return a == null && b == null;
    }
    if (a instanceof Text s && b instanceof Text t) {
      return plain(s.value()).equals(plain(t.value()));
    }
    if (a instanceof Num s && b instanceof Num t) {
      return rounded(s.value(), t.value());
    }
    if (a instanceof Amount || b instanceof Amount) {
      Amount s = Tree.amount(a);
      Amount t = Tree.amount(b);
      return s != null
          && t != null
          && definite(s.unit()).equals(definite(t.unit()))
          && rounded(s.value(), t.value());
    }
    if (a instanceof Node s && b instanceof Node t) {
      return alike(s, t, depth + 1);
    }
    return Boolean.TRUE.equals(equal(a, b));
  }

  private boolean alike(Node a, Node b, int depth) {
    Set<String> names = new HashSet<>();
    for (Node node : List.of(a, b)) {
      JsonNode object = node.children();
      if (object == null) {
        return false;
      }
      names.addAll(object.propertyNames());
    }
    meter.steps(names.size());
    for (String name : names) {
      List<Item> left = new ArrayList<>();
      List<Item> right = new ArrayList<>();
      Tree.members(a, name, left, meter);
      Tree.members(b, name, right, meter);
      if (!equivalent(left, right, depth)) {
        return false;
      }
    }
    return true;
  }

  private String plain(String text) {
    meter.make(text.length());
    return text.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  private static boolean rounded(BigDecimal a, BigDecimal b) {
    int scale = Math.max(0, Math.min(stripped(a).scale(), stripped(b).scale()));
    return a.setScale(scale, RoundingMode.HALF_UP)
            .compareTo(b.setScale(scale, RoundingMode.HALF_UP))
        == 0;
  }

  private static BigDecimal stripped(BigDecimal value) {
    return value.stripTrailingZeros();
  }

  private static String definite(String unit) {
    return switch (unit) {
      case "year" -> "a";
      case "month" -> "mo";
      default -> unit;
    };
  }
}
