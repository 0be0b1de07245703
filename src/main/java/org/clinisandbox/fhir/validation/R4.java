package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.clinisandbox.fhir.validation.Property.Content;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** HL7's R4 definitions, as tables: read once from this jar, and never changed. */
final class R4 {
  private final Map<String, Type> types = new HashMap<>();
  private final Map<String, Rule> rules = new HashMap<>();
  private final Map<String, Codes> valueSets = new HashMap<>();
  private final Map<String, Set<String>> codeSystems = new HashMap<>();
  private final Map<String, Extension> extensions = new HashMap<>();

  private R4(JsonNode definitions) {
    definitions
        .path("rules")
        .properties()
        .forEach(
            rule ->
                rules.put(
                    rule.getKey(),
                    Rules.rule(
                        rule.getKey().replaceFirst("@.*", ""),
                        rule.getValue().path("expression").asString(),
                        rule.getValue().path("human").asString())));
    definitions
        .path("valueSets")
        .properties()
        .forEach(
            set -> {
              Map<String, Set<String>> codes = new HashMap<>();
              set.getValue()
                  .properties()
                  .forEach(system -> codes.put(system.getKey(), words(system.getValue())));
              valueSets.put(set.getKey(), Codes.Listed.of(codes));
            });
    definitions
        .path("codeSystems")
        .properties()
        .forEach(system -> codeSystems.put(system.getKey(), words(system.getValue())));
    JsonNode described = definitions.path("types");
    described
        .properties()
        .forEach(
            type ->
                types.put(
                    type.getKey(),
                    new Type(
                        type.getKey(),
                        type.getValue().path("kind").asString().equals("resource"),
                        type.getValue().path("abstract").asBoolean(false),
                        type.getValue().path("base").asString(null))));
    described.properties().forEach(type -> fill(type(type.getKey()), type.getValue()));
    for (JsonNode extension : definitions.path("extensions")) {
      extensions.put(extension.path("url").asString(), Extension.read(extension, this));
    }
  }

  private static final class Loaded {
    static final R4 DEFINITIONS = load();

    private static R4 load() {
      try (InputStream file =
          new GZIPInputStream(
              requireNonNull(R4.class.getResourceAsStream("definitions.json.gz")))) {
        return new R4(JsonMapper.shared().readTree(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The definitions; the first call reads them. */
  static R4 definitions() {
    return Loaded.DEFINITIONS;
  }

  static Set<String> words(JsonNode list) {
    Set<String> words = new HashSet<>();
    list.forEach(word -> words.add(word.asString()));
    return words;
  }

  /** How often something may be there. */
  static int max(JsonNode described) {
    String max = described.path("max").asString("1");
    return max.equals("*") ? Integer.MAX_VALUE : Integer.parseInt(max);
  }

  private void fill(Type type, JsonNode described) {
    List<Element> elements = new ArrayList<>();
    List<Property> properties = new ArrayList<>();
    for (JsonNode each : described.path("elements")) {
      String written = each.path("name").asString();
      boolean choice = written.endsWith("[x]");
      String name = choice ? written.substring(0, written.length() - 3) : written;
      Element element =
          new Element(
              elements.size(),
              name,
              choice,
              each.path("min").asInt(0),
              max(each),
              codes(each.path("binding").asString(null)),
              rules(each));
      elements.add(element);
      for (JsonNode use : each.path("types")) {
        String code = use.path("code").asString();
        properties.add(
            new Property(
                choice
                    ? name + code.substring(0, 1).toUpperCase(Locale.ROOT) + code.substring(1)
                    : name,
                element,
                content(code),
                words(use.path("targets")),
                use.path("profile").asString("").equals("SimpleQuantity")));
      }
    }
    type.fill(elements, properties, rules(described));
  }

  private List<Rule> rules(JsonNode holder) {
    List<Rule> found = new ArrayList<>();
    for (JsonNode key : holder.path("rules")) {
      Rule rule = requireNonNull(rules.get(key.asString()), key.asString());
      if (Rules.isAsked(rule.key())) {
        found.add(rule);
      }
    }
    return found;
  }

  /** What an element of this type holds. */
  private Content content(String code) {
    Primitive primitive = Primitive.named(code);
    if (primitive != null) {
      return new Content.Simple(primitive);
    }
    return switch (code) {
      case "xhtml" -> new Content.Xhtml();
      case "Resource" -> new Content.AnyResource();
      default -> new Content.Complex(type(code));
    };
  }

  /** The codes of a required binding. */
  @Nullable Codes codes(@Nullable String valueSet) {
    if (valueSet == null) {
      return null;
    }
    return valueSet.indexOf(':') < 0
        ? valueSets.computeIfAbsent(valueSet, Codes.ByRule::named)
        : requireNonNull(valueSets.get(valueSet), valueSet);
  }

  /** A type that is known to exist. */
  private Type type(String name) {
    return requireNonNull(types.get(name), name);
  }

  /** The resource of this type that can stand in JSON; null when there is none. */
  @Nullable Type resource(String name) {
    Type type = types.get(name);
    return type != null && type.isResource() && !type.isAbstract() ? type : null;
  }

  /** The datatype of this name; null when there is none. */
  @Nullable Type datatype(String name) {
    return types.get(name);
  }

  /** The codes of a system that HL7 lists whole; null for any other. */
  @Nullable Set<String> codeSystem(String url) {
    return codeSystems.get(url);
  }

  /** An extension that HL7 defines; null for any other. */
  @Nullable Extension extension(String url) {
    return extensions.get(url);
  }
}
