package org.clinisandbox.fhir;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A place in a bundle that really exists: HAPI's location walked along the tree as far as it goes.
 * So identifiers that HAPI writes into locations are left behind, and what is missing is reported
 * at what it is missing from.
 *
 * @param expression FHIRPath
 * @param entry index of the bundle's entry; -1 when it is the bundle itself
 */
record Place(String expression, int entry, JsonNode node) {
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern STEP =
      Pattern.compile(
          "\\.([A-Za-z][A-Za-z0-9]{0,63})(\\[x])?(?::[A-Za-z0-9_-]*)?(?:\\[(\\d{1,9})])?"
              + "(?:\\.ofType\\(([A-Za-z0-9]{1,63})\\))?");
  private static final Pattern PROPERTY = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
  private static final String ROOT = "Bundle";

  static Place of(JsonNode bundle, @Nullable String location) {
    Place place = new Place(ROOT, -1, bundle);
    if (location == null) {
      return place;
    }
    String path = COMMENT.matcher(location).replaceAll("");
    if (!path.startsWith(ROOT)) {
      return place;
    }
    Matcher step = STEP.matcher(path).region(ROOT.length(), path.length());
    while (step.lookingAt()) {
      String index = step.group(3);
      Place next =
          place.step(step.group(1), index == null ? 0 : Integer.parseInt(index), step.group(4));
      if (next == null) {
        break;
      }
      place = next;
      step.region(step.end(), path.length());
    }
    return place;
  }

  /** A property of this place when it has such a one and FHIRPath can name it; else this place. */
  Place property(String name) {
    JsonNode child = node.get(name);
    return child != null && PROPERTY.matcher(name).matches()
        ? new Place(expression + "." + name, entry, child)
        : this;
  }

  private @Nullable Place step(String name, int index, @Nullable String type) {
    String key = key(name, type);
    if (key == null) {
      return null;
    }
    JsonNode value = node.get(key);
    JsonNode sibling = node.get("_" + key);
    // Below a primitive there are only the extensions of its underscored twin.
    JsonNode child = sibling != null && (value == null || value.isValueNode()) ? sibling : value;
    if (child == null) {
      return null;
    }
    String path = expression + "." + name;
    if (child.isArray()) {
      JsonNode element = child.get(index);
      if (element == null) {
        return new Place(path, entry, child);
      }
      int in = expression.equals(ROOT) && name.equals("entry") ? index : entry;
      return new Place(path + "[" + index + "]", in, element);
    }
    return new Place(type == null ? path : path + ".ofType(" + type + ")", entry, child);
  }

  /** The JSON property behind an element's name, which for a choice has its type appended. */
  private @Nullable String key(String name, @Nullable String type) {
    if (node.has(name) || node.has("_" + name)) {
      return name;
    }
    if (type != null) {
      String typed = name + type.substring(0, 1).toUpperCase(Locale.ROOT) + type.substring(1);
      return node.has(typed) || node.has("_" + typed) ? typed : null;
    }
    for (String key : node.propertyNames()) {
      if (key.length() > name.length()
          && key.startsWith(name)
          && Character.isUpperCase(key.charAt(name.length()))) {
        return key;
      }
    }
    return null;
  }
}
