package org.clinisandbox.fhir.path;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.clinisandbox.fhir.path.Meter.Stop;
import org.clinisandbox.fhir.path.Truth.Cause;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A growing set of items that are not equal to each other. */
final class Unique {
  private final Meter meter;
  private final Equality equality;

  private final Map<Integer, List<Item>> buckets = new HashMap<>();

  Unique(Meter meter, Equality equality) {
    this.meter = meter;
    this.equality = equality;
  }

  boolean has(Item item) {
    for (Item other : buckets.getOrDefault(hash(item), List.of())) {
      if (equality.same(item, other)) {
        return true;
      }
    }
    return false;
  }

  boolean add(Item item) {
    if (has(item)) {
      return false;
    }
    meter.step();
    buckets.computeIfAbsent(hash(item), _ -> new ArrayList<>(1)).add(item);
    return true;
  }

  /** The same for all that may be equal, whatever their kinds. */
  private int hash(Item item) {
    Item value = Tree.value(item);
    Amount amount = value == null ? null : Tree.amount(value);
    if (amount != null) {
      int number = amount.value().stripTrailingZeros().hashCode();
      return amount.unit().equals("1") ? number : number * 31 + amount.unit().hashCode();
    }
    return switch (value) {
      case null -> 0;
      case Bool b -> Boolean.hashCode(b.value());
      case Moment m -> m.sameness();
      case Text t -> {
        meter.read(t.value().length());
        Moment moment = Moment.parse(t.value());
        yield moment == null ? t.value().hashCode() : moment.sameness();
      }
      case Node n -> hash(n.json(), 0);
      case Num _, Amount _ -> 0;
    };
  }

  private int hash(@Nullable JsonNode json, int depth) {
    meter.step();
    if (json == null) {
      return 0;
    }
    if (depth > Equality.MAX_DEPTH) {
      throw new Stop(Cause.DEPTH);
    }
    if (json.isNumber()) {
      return Num.of(json).value().stripTrailingZeros().hashCode();
    }
    int hash = json.size();
    for (Map.Entry<String, JsonNode> property : json.properties()) {
      hash += (property.getKey().hashCode() * 31) ^ hash(property.getValue(), depth + 1);
    }
    if (json.isArray()) {
      for (JsonNode element : json.values()) {
        hash = 31 * hash + hash(element, depth + 1);
      }
    }
    if (json.isString()) {
      meter.read(json.stringValue().length());
      hash = json.stringValue().hashCode();
    }
    return hash;
  }
}
