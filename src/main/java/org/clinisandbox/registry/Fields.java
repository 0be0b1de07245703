package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One object of a manifest. Every key that is asked for counts as known; {@link #refuseOthers}
 * reports the rest. A mistake is noted with its place and reading goes on, so what a method gives
 * after a mistake only fills a hole: the manifest is refused as a whole.
 */
final class Fields {
  /** Beyond this, numbers are typing errors, and arithmetic on them gets out of hand. */
  private static final int MOST_DIGITS = 30;

  private static final int LONGEST_KEY = 64;

  private final JsonNode node;
  private final String path;
  private final List<Mistake> mistakes;
  private final Set<String> known = new LinkedHashSet<>();

  /** The key whose value stands for the whole object, at the object's own place; null for none. */
  private @Nullable String shorthand;

  Fields(JsonNode node, String path, List<Mistake> mistakes) {
    this.path = path;
    this.mistakes = mistakes;
    if (node.isObject()) {
      this.node = node;
    } else {
      mistakes.add(new Mistake(path, "must be an object"));
      this.node = JsonNodeFactory.instance.objectNode();
    }
  }

  /** The value of a key; null when it is absent or null. */
  @Nullable JsonNode find(String key) {
    known.add(key);
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  /** Whether a key is there without a value. */
  boolean isNull(String key) {
    return node.path(key).isNull();
  }

  boolean has(String key) {
    return find(key) != null;
  }

  /** The keys of this object, in its order. */
  List<String> keys() {
    return List.copyOf(node.propertyNames());
  }

  void mistake(String key, String message) {
    mistakes.add(new Mistake(at(key), message));
  }

  private String at(String key) {
    if (key.equals(shorthand)) {
      return path;
    }
    return path.isEmpty() ? key : path + "." + key;
  }

  @Nullable String text(String key, Syntax syntax) {
    JsonNode value = find(key);
    return value == null ? null : text(value, at(key), syntax);
  }

  /** The text of a key that must be there; empty after a mistake. */
  String requiredText(String key, Syntax syntax) {
    if (!has(key)) {
      mistake(key, "is missing");
    }
    String text = text(key, syntax);
    return text == null ? "" : text;
  }

  private String text(JsonNode value, String place, Syntax syntax) {
    if (!value.isString()) {
      mistakes.add(
          new Mistake(
              place,
              value.isNumber()
                  ? "must be a string: put it in quotes (without them 1.10 is the number 1.1)"
                  : "must be a string"));
      return "";
    }
    if (!syntax.accepts().test(value.stringValue())) {
      mistakes.add(new Mistake(place, "must be " + syntax.expectation()));
    }
    return value.stringValue();
  }

  /** The texts of an array, each once; empty when the key is absent. */
  List<String> texts(String key, Syntax syntax) {
    List<JsonNode> elements = elements(key);
    List<String> texts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < elements.size(); i++) {
      String place = at(key) + "[" + i + "]";
      String text = text(elements.get(i), place, syntax);
      if (!seen.add(text)) {
        mistakes.add(new Mistake(place, "is there twice"));
      }
      texts.add(text);
    }
    return texts;
  }

  /** A text in one or more languages: a string, or an object from language tag to string. */
  @Nullable LocalText localText(String key, Syntax syntax) {
    if (!(find(key) instanceof ObjectNode object)) {
      String text = text(key, syntax);
      return text == null ? null : new LocalText(Map.of(Locale.ROOT, text));
    }
    Fields languages = new Fields(object, at(key), mistakes);
    Map<Locale, String> texts = new LinkedHashMap<>();
    for (String tag : languages.keys()) {
      if (!Syntax.LANGUAGE.accepts().test(tag)) {
        languages.mistake(tag, "must be " + Syntax.LANGUAGE.expectation());
      }
      texts.put(Locale.forLanguageTag(tag), languages.requiredText(tag, syntax));
    }
    if (texts.isEmpty()) {
      mistake(key, "must have at least one language");
      return null;
    }
    return new LocalText(texts);
  }

  boolean truth(String key, boolean fallback) {
    JsonNode value = find(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      mistake(key, "must be true or false, without quotes");
      return fallback;
    }
    return value.booleanValue();
  }

  @Nullable BigDecimal number(String key) {
    JsonNode value = find(key);
    if (value == null) {
      return null;
    }
    if (!(value instanceof NumericNode numeric) || numeric.isNaN()) {
      mistake(key, "must be a number, without quotes");
      return null;
    }
    BigDecimal number = numeric.decimalValue();
    if (number.precision() > MOST_DIGITS || Math.abs(number.scale()) > MOST_DIGITS) {
      mistake(key, "has more digits than a sensible number");
      return null;
    }
    return number;
  }

  Requirement.@Nullable Range range(String key) {
    Fields range = object(key);
    if (range == null) {
      return null;
    }
    BigDecimal low = range.number("low");
    BigDecimal high = range.number("high");
    range.refuseOthers();
    if (range.node.isEmpty() && find(key) instanceof ObjectNode) {
      mistake(key, "must have low, high or both");
    }
    if (low != null && high != null && low.compareTo(high) > 0) {
      mistake(key, "has a low above its high");
    }
    return new Requirement.Range(low, high);
  }

  /** This object as a coding. */
  Coding coding() {
    Coding coding =
        new Coding(
            requiredText("system", Syntax.SYSTEM),
            requiredText("code", Syntax.CODE),
            text("display", Syntax.TITLE));
    refuseOthers();
    return coding;
  }

  @Nullable Fields object(String key) {
    JsonNode value = find(key);
    return value == null ? null : new Fields(value, at(key), mistakes);
  }

  /** The elements of an array that are objects, or strings for short: the value of one key. */
  List<Fields> objectsOrNames(String key, String shorthand) {
    List<JsonNode> elements = elements(key);
    List<Fields> objects = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      JsonNode element = elements.get(i);
      String place = at(key) + "[" + i + "]";
      if (element.isString()) {
        JsonNode whole = JsonNodeFactory.instance.objectNode().set(shorthand, element);
        Fields fields = new Fields(whole, place, mistakes);
        fields.shorthand = shorthand;
        objects.add(fields);
      } else {
        objects.add(new Fields(element, place, mistakes));
      }
    }
    return objects;
  }

  /** The objects of an array; empty when the key is absent. */
  List<Fields> objects(String key) {
    List<JsonNode> elements = elements(key);
    List<Fields> objects = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      objects.add(new Fields(elements.get(i), at(key) + "[" + i + "]", mistakes));
    }
    return objects;
  }

  private List<JsonNode> elements(String key) {
    JsonNode value = find(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      mistake(key, "must be a list");
      return List.of();
    }
    return List.copyOf(value.values());
  }

  /** Notes every key that nobody asked for. */
  void refuseOthers() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        String nearest = NearestName.of(key, known);
        mistake(
            key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "…",
            "is not a key of a manifest here"
                + (nearest == null ? "" : "; did you mean " + nearest + "?"));
      }
    }
  }
}
