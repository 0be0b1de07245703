package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import org.hl7.fhir.r4.model.CanonicalType;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.ElementDefinition;
import org.hl7.fhir.r4.model.ElementDefinition.ConstraintSeverity;
import org.hl7.fhir.r4.model.Enumerations.BindingStrength;
import org.hl7.fhir.r4.model.StructureDefinition;
import org.hl7.fhir.r4.model.StructureDefinition.StructureDefinitionKind;
import org.hl7.fhir.r4.model.StructureDefinition.TypeDerivationRule;
import org.hl7.fhir.r4.model.ValueSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the tables of the validator: HL7's R4 definitions, as HAPI ships them, without all that a
 * validation does not ask for.
 */
final class DefinitionsCompiler {
  /** Where the tables are kept. */
  static final Path FILE =
      Path.of("src/main/resources/org/clinisandbox/fhir/validation/definitions.json.gz");

  private static final String BASE = "http://hl7.org/fhir/StructureDefinition/";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  /** What has a grammar, or is kept by others. */
  private static final Set<String> BY_RULE = Set.of("mimetypes", "currencies", "ucum-units");

  private final Map<String, StructureDefinition> structures = new TreeMap<>();
  private final Map<String, ValueSet> valueSets = new TreeMap<>();
  private final Map<String, CodeSystem> codeSystems = new TreeMap<>();
  private final Map<String, ObjectNode> rules = new TreeMap<>();
  private final Map<String, ObjectNode> types = new TreeMap<>();
  private final Set<String> usedValueSets = new TreeSet<>();

  private DefinitionsCompiler() {
    DefaultProfileValidationSupport r4 = new DefaultProfileValidationSupport(FhirContext.forR4());
    // Each kind is loaded at the first question about it; only then are all of them listed.
    requireNonNull(r4.fetchStructureDefinition(BASE + "Bundle"));
    requireNonNull(r4.fetchValueSet("http://hl7.org/fhir/ValueSet/administrative-gender"));
    for (var resource : requireNonNull(r4.fetchAllConformanceResources())) {
      switch (resource) {
        case StructureDefinition s -> structures.put(s.getUrl(), s);
        case ValueSet v -> valueSets.put(v.getUrl(), v);
        case CodeSystem c -> codeSystems.put(c.getUrl(), c);
        default -> {}
      }
    }
  }

  /** Writes the file anew. */
  static void write() throws IOException {
    Files.createDirectories(requireNonNull(FILE.getParent()));
    Files.write(FILE, compile());
  }

  static byte[] compile() {
    return new DefinitionsCompiler().document();
  }

  private byte[] document() {
    List<ObjectNode> extensions = new ArrayList<>();
    for (StructureDefinition structure : structures.values()) {
      if (structure.getDerivation() != TypeDerivationRule.CONSTRAINT) {
        if (structure.getKind() == StructureDefinitionKind.RESOURCE
            || structure.getKind() == StructureDefinitionKind.COMPLEXTYPE) {
          type(structure);
        }
      } else if (structure.getType().equals("Extension")) {
        extensions.add(extension(structure));
      }
    }
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      line(out, "{\"rules\":{", null);
      lines(out, rules);
      line(out, "},\"types\":{", null);
      lines(out, types);
      line(out, "},\"valueSets\":{", null);
      Map<String, ObjectNode> sets = new TreeMap<>();
      usedValueSets.forEach(url -> sets.put(url, JSON.valueToTree(codes(url))));
      lines(out, sets);
      line(out, "},\"codeSystems\":{", null);
      Map<String, ArrayNode> systems = new TreeMap<>();
      codeSystems.forEach(
          (url, system) -> {
            if (system.getContent() == CodeSystem.CodeSystemContentMode.COMPLETE) {
              Set<String> codes = new TreeSet<>();
              collect(system.getConcept(), codes);
              if (!codes.isEmpty()) {
                systems.put(url, JSON.valueToTree(codes));
              }
            }
          });
      lines(out, systems);
      line(out, "},\"extensions\":[", null);
      for (int i = 0; i < extensions.size(); i++) {
        line(
            out,
            JSON.writeValueAsString(extensions.get(i)) + (i + 1 < extensions.size() ? "," : ""),
            null);
      }
      line(out, "]}", null);
      return zipped(out.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] zipped(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    }
    return out.toByteArray();
  }

  private static void line(ByteArrayOutputStream out, String text, @Nullable String end)
      throws IOException {
    out.write((text + (end == null ? "" : end) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void lines(ByteArrayOutputStream out, Map<String, ?> map) throws IOException {
    int left = map.size();
    for (var entry : map.entrySet()) {
      left--;
      line(
          out,
          JSON.writeValueAsString(entry.getKey()) + ":" + JSON.writeValueAsString(entry.getValue()),
          left > 0 ? "," : "");
    }
  }

  /** One definition becomes a type for itself and one for each of its parts. */
  private void type(StructureDefinition structure) {
    for (ElementDefinition element : structure.getSnapshot().getElement()) {
      String path = element.getPath();
      int dot = path.lastIndexOf('.');
      boolean holder =
          dot < 0
              || (element.getType().size() == 1
                  && List.of("BackboneElement", "Element")
                      .contains(element.getTypeFirstRep().getCode())
                  && hasParts(structure, path));
      if (holder) {
        ObjectNode type = JSON.createObjectNode();
        if (dot < 0) {
          type.put(
              "kind",
              structure.getKind() == StructureDefinitionKind.RESOURCE ? "resource" : "type");
          if (structure.getAbstract()) {
            type.put("abstract", true);
          }
          if (structure.hasBaseDefinition()) {
            type.put("base", structure.getBaseDefinition().substring(BASE.length()));
          }
        } else {
          type.put("kind", "part");
          type.put("base", element.getTypeFirstRep().getCode());
        }
        rules(structure, element, type);
        type.putArray("elements");
        types.put(path, type);
      }
      if (dot >= 0) {
        ObjectNode parent = types.get(path.substring(0, dot));
        if (parent != null) {
          ((ArrayNode) parent.get("elements")).add(element(structure, element, holder));
        }
      }
    }
  }

  private static boolean hasParts(StructureDefinition structure, String path) {
    return structure.getSnapshot().getElement().stream()
        .anyMatch(e -> e.getPath().startsWith(path + "."));
  }

  private ObjectNode element(
      StructureDefinition structure, ElementDefinition element, boolean holder) {
    String path = element.getPath();
    ObjectNode node = JSON.createObjectNode();
    node.put("name", path.substring(path.lastIndexOf('.') + 1));
    if (element.getMin() > 0) {
      node.put("min", element.getMin());
    }
    if (!element.getMax().equals("1")) {
      node.put("max", element.getMax());
    }
    if (holder) {
      node.putArray("types").addObject().put("code", path);
    } else if (element.hasContentReference()) {
      node.putArray("types")
          .addObject()
          .put(
              "code",
              element
                  .getContentReference()
                  .substring(element.getContentReference().indexOf('#') + 1));
    } else {
      node.set("types", typesOf(structure, element));
      rules(structure, element, node);
    }
    binding(element, node);
    return node;
  }

  private static ArrayNode typesOf(StructureDefinition structure, ElementDefinition element) {
    ArrayNode all = JSON.createArrayNode();
    for (var type : element.getType()) {
      String code = type.getCode();
      ObjectNode node = all.addObject();
      // The values and ids of primitives: what JSON has for them.
      node.put(
          "code",
          code.startsWith("http://hl7.org/fhirpath/") ? systemType(structure, element) : code);
      if (type.hasTargetProfile()) {
        ArrayNode targets = node.putArray("targets");
        for (CanonicalType target : type.getTargetProfile()) {
          targets.add(target.getValue().substring(BASE.length()));
        }
      }
      if (type.hasProfile()) {
        node.put("profile", type.getProfile().getFirst().getValue().substring(BASE.length()));
      }
    }
    return all;
  }

  private static String systemType(StructureDefinition structure, ElementDefinition element) {
    return switch (element.getPath()) {
      case "Extension.url" -> "uri";
      case String path
          when structure.getKind() == StructureDefinitionKind.RESOURCE
              && path.matches("[A-Za-z]+\\.id") ->
          "id";
      default -> "string";
    };
  }

  private void binding(ElementDefinition element, ObjectNode node) {
    if (element.hasBinding() && element.getBinding().getStrength() == BindingStrength.REQUIRED) {
      String url = element.getBinding().getValueSet().replaceFirst("\\|.*", "");
      String name = url.substring(url.lastIndexOf('/') + 1);
      if (BY_RULE.contains(name)) {
        node.put("binding", name);
      } else if (isListed(url)) {
        node.put("binding", url);
        usedValueSets.add(url);
      }
    }
  }

  private void rules(StructureDefinition structure, ElementDefinition element, ObjectNode node) {
    ArrayNode keys = JSON.createArrayNode();
    for (var rule : element.getConstraint()) {
      if (rule.getSeverity() != ConstraintSeverity.ERROR || rule.getKey().equals("ele-1")) {
        continue;
      }
      // Said again wherever an extension may stand.
      if (rule.getKey().equals("ext-1") && !element.getPath().equals("Extension")) {
        continue;
      }
      // Two types may have a rule of the same key.
      String key = rule.getKey();
      ObjectNode known = rules.get(key);
      if (known != null && !known.get("expression").asString().equals(rule.getExpression())) {
        key = key + "@" + structure.getType();
      }
      rules.put(
          key,
          JSON.createObjectNode()
              .put("expression", rule.getExpression())
              .put("human", rule.getHuman()));
      keys.add(key);
    }
    if (!keys.isEmpty()) {
      node.set("rules", keys);
    }
  }

  /** An extension that HL7 defines: where it may stand and what it holds. */
  private ObjectNode extension(StructureDefinition structure) {
    List<ElementDefinition> elements = structure.getSnapshot().getElement();
    ObjectNode node = JSON.createObjectNode().put("url", structure.getUrl());
    ArrayNode contexts = node.putArray("contexts");
    structure.getContext().forEach(context -> contexts.add(context.getExpression()));
    if (structure.getUrl().startsWith(BASE + "structuredefinition-")
        || structure.getUrl().equals(BASE + "regex")) {
      // HL7's own definitions have these in many more places than theirs allow.
      contexts.add("Element");
    }
    if (structure.hasContextInvariant()) {
      ArrayNode invariants = node.putArray("where");
      structure.getContextInvariant().forEach(invariant -> invariants.add(invariant.getValue()));
    }
    if (elements.getFirst().getIsModifier()) {
      node.put("modifier", true);
    }
    content(structure, "Extension", node);
    return node;
  }

  private void content(StructureDefinition structure, String id, ObjectNode node) {
    List<ElementDefinition> elements = structure.getSnapshot().getElement();
    ArrayNode parts = JSON.createArrayNode();
    for (ElementDefinition element : elements) {
      String own = element.getId();
      if (own.startsWith(id + ".value[x]") && own.indexOf('.', id.length() + 1) < 0) {
        if (!element.getMax().equals("0")) {
          if (own.equals(id + ".value[x]") || !node.has("value")) {
            node.set("value", typesOf(structure, element));
            binding(element, node);
          }
        }
        if (element.getMin() > 0) {
          node.put("valueRequired", true);
        }
      } else if (own.startsWith(id + ".extension:") && own.indexOf('.', id.length() + 11) < 0) {
        ObjectNode part = JSON.createObjectNode();
        part.put("url", url(elements, own, element));
        part.put("min", element.getMin());
        part.put("max", element.getMax());
        if (element.getTypeFirstRep().hasProfile()) {
          part.put("defined", true);
        } else {
          content(structure, own, part);
        }
        parts.add(part);
      }
    }
    if (!parts.isEmpty()) {
      node.set("parts", parts);
    }
  }

  private static String url(List<ElementDefinition> elements, String id, ElementDefinition slice) {
    if (slice.getTypeFirstRep().hasProfile()) {
      return slice.getTypeFirstRep().getProfile().getFirst().getValue();
    }
    return elements.stream()
        .filter(e -> e.getId().equals(id + ".url") && e.hasFixed())
        .map(e -> e.getFixed().primitiveValue())
        .findFirst()
        .orElse(slice.getSliceName());
  }

  /** Whether HL7 lists the codes of a value set, or others do. */
  private boolean isListed(String url) {
    ValueSet set = valueSets.get(url);
    return set != null
        && set.getCompose().getInclude().stream()
            .allMatch(
                include -> include.hasConcept() || codeSystems.containsKey(include.getSystem()));
  }

  /** The codes of a value set by their systems. */
  private Map<String, Set<String>> codes(String url) {
    ValueSet set = requireNonNull(valueSets.get(url), url);
    Map<String, Set<String>> codes = new LinkedHashMap<>();
    for (var include : set.getCompose().getInclude()) {
      if (include.hasValueSet() || set.getCompose().hasExclude()) {
        throw new IllegalStateException("The value set " + url + " is no plain list.");
      }
      Set<String> own = codes.computeIfAbsent(include.getSystem(), system -> new TreeSet<>());
      if (include.hasConcept()) {
        include.getConcept().forEach(concept -> own.add(concept.getCode()));
        continue;
      }
      CodeSystem system = requireNonNull(codeSystems.get(include.getSystem()), include.getSystem());
      if (!include.hasFilter()) {
        collect(system.getConcept(), own);
      }
      for (var filter : include.getFilter()) {
        if (filter.getOp() != ValueSet.FilterOperator.ISA) {
          throw new IllegalStateException("The value set " + url + " has another filter.");
        }
        collect(below(system.getConcept(), filter.getValue()), own);
      }
    }
    return codes;
  }

  private static List<CodeSystem.ConceptDefinitionComponent> below(
      List<CodeSystem.ConceptDefinitionComponent> concepts, String code) {
    for (var concept : concepts) {
      List<CodeSystem.ConceptDefinitionComponent> found =
          concept.getCode().equals(code) ? List.of(concept) : below(concept.getConcept(), code);
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static void collect(
      List<CodeSystem.ConceptDefinitionComponent> concepts, Set<String> codes) {
    for (var concept : concepts) {
      codes.add(concept.getCode());
      collect(concept.getConcept(), codes);
    }
  }
}
