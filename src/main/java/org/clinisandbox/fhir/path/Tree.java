package org.clinisandbox.fhir.path;

import java.util.List;
import java.util.Map;
import org.clinisandbox.fhir.path.Item.Amount;
import org.clinisandbox.fhir.path.Item.Bool;
import org.clinisandbox.fhir.path.Item.Node;
import org.clinisandbox.fhir.path.Item.Num;
import org.clinisandbox.fhir.path.Item.Text;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** FHIR's tree of elements, read from JSON. What has another shape counts as not there. */
final class Tree {
  private static final String UCUM = "http://unitsofmeasure.org";

  private Tree() {}

  static Node root(JsonNode resource) {
    return new Node(resource, null, Types.of("", resource));
  }

  /** An element whose type is known from where it stands. */
  static Node element(JsonNode element, String type) {
    return new Node(element, null, Types.isDatatype(type) ? type : Types.of("", element));
  }

  /** The elements of this name; a choice is found by its name without the type too. */
  static void members(Node of, String name, List<Item> out, Meter meter) {
    JsonNode object = of.children();
    if (object == null || name.equals("resourceType") || name.startsWith("_")) {
      return;
    }
    JsonNode json = object.get(name);
    JsonNode extra = object.get("_" + name);
    if (json != null || extra != null) {
      add(json, extra, name, out, meter);
    } else if (Types.CHOICES.contains(name)) {
      meter.read(object.size());
      for (String key : object.propertyNames()) {
        String bare = key.startsWith("_") ? key.substring(1) : key;
        boolean twice = bare.length() < key.length() && object.has(bare);
        if (!twice
            && bare.length() > name.length()
            && bare.startsWith(name)
            && Types.choice(bare, name.length(), object.get(bare)) != null) {
          add(object.get(bare), object.get("_" + bare), bare, out, meter);
        }
      }
    }
  }

  static void children(Node of, List<Item> out, Meter meter) {
    JsonNode object = of.children();
    if (object == null) {
      return;
    }
    for (Map.Entry<String, JsonNode> property : object.properties()) {
      String key = property.getKey();
      if (key.startsWith("_")) {
        String bare = key.substring(1);
        if (!object.has(bare)) {
          add(null, property.getValue(), bare, out, meter);
        }
      } else if (!key.equals("resourceType")) {
        add(property.getValue(), object.get("_" + key), key, out, meter);
      }
    }
  }

  private static void add(
      @Nullable JsonNode json, @Nullable JsonNode extra, String key, List<Item> out, Meter meter) {
    int length = Math.max(lengthOf(json), lengthOf(extra));
    if (length < 0) {
      element(json, extra, key, out, meter);
    }
    for (int i = 0; i < length; i++) {
      element(at(json, i), at(extra, i), key, out, meter);
    }
  }

  private static int lengthOf(@Nullable JsonNode array) {
    return array != null && array.isArray() ? array.size() : -1;
  }

  private static @Nullable JsonNode at(@Nullable JsonNode array, int index) {
    return array != null && array.isArray() ? array.get(index) : null;
  }

  private static void element(
      @Nullable JsonNode json, @Nullable JsonNode extra, String key, List<Item> out, Meter meter) {
    JsonNode value = json == null || json.isNull() ? null : json;
    JsonNode more = extra == null || !extra.isObject() ? null : extra;
    if (value != null || more != null) {
      meter.add(out, new Node(value, more, Types.of(key, value)));
    }
  }

  /** What operators see: a primitive's value, or null when it has none; else the item itself. */
  static @Nullable Item value(Item item) {
    if (!(item instanceof Node node)) {
      return item;
    }
    JsonNode json = node.json();
    if (json == null) {
      return null;
    }
    if (json.isBoolean()) {
      return new Bool(json.booleanValue());
    }
    if (json.isNumber()) {
      return Num.of(json);
    }
    if (!json.isString()) {
      return node;
    }
    String text = json.stringValue();
    Moment moment = isTime(node.type()) ? Moment.parse(text) : null;
    return moment == null ? new Text(text) : moment;
  }

  private static boolean isTime(@Nullable String type) {
    return switch (type) {
      case "date", "dateTime", "instant", "time", Types.SOME_DATE -> true;
      case null, default -> false;
    };
  }

  /** FHIR's Quantity as FHIRPath's: only one in UCUM and without a comparator is one. */
  static @Nullable Amount amount(Item item) {
    return switch (item) {
      case Amount a -> a;
      case Num n -> new Amount(n.value(), "1");
      case Node n -> n.json() == null ? null : amount(n.json());
      case Bool _, Text _, Moment _ -> null;
    };
  }

  private static @Nullable Amount amount(JsonNode quantity) {
    JsonNode value = quantity.get("value");
    JsonNode code = quantity.get("code");
    JsonNode system = quantity.get("system");
    boolean exact =
        value != null
            && value.isNumber()
            && code != null
            && code.isString()
            && system != null
            && system.isString()
            && system.stringValue().equals(UCUM)
            && !quantity.has("comparator");
    return exact ? new Amount(Num.of(value).value(), code.stringValue()) : null;
  }
}
