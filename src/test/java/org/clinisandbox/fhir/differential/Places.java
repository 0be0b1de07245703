package org.clinisandbox.fhir.differential;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** Finds what a finding is about. */
final class Places {
  private static final Pattern STEP = Pattern.compile("\\.(\\w+)(?:\\[(\\d{1,6})])?");

  private Places() {}

  /** The value at a FHIRPath of names and indexes; a missing node when there is none. */
  static JsonNode at(JsonNode bundle, String expression) {
    JsonNode node = bundle;
    Matcher step = STEP.matcher(Words.place(expression));
    while (step.find()) {
      node = child(node, step.group(1));
      if (step.group(2) != null && node.isArray()) {
        node = node.path(Integer.parseInt(step.group(2)));
      }
    }
    return node;
  }

  /** The property of a name or, of a choice, the one that begins with it. */
  private static JsonNode child(JsonNode node, String name) {
    if (node.has(name)) {
      return node.get(name);
    }
    for (String key : node.propertyNames()) {
      if (key.startsWith(name) && key.length() > name.length()) {
        char next = key.charAt(name.length());
        if (Character.isUpperCase(next)) {
          return node.get(key);
        }
      }
    }
    return MissingNode.getInstance();
  }
}
