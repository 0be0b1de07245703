package org.clinisandbox.registry;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.clinisandbox.fhir.Coding;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Everything in a manifest but its key, version, name and image. */
final class ManifestBody {
  private static final Syntax CARD_KEY = Syntax.INPUT_NAME;
  private static final Syntax SEX =
      new Syntax("female, male or other", Set.of("female", "male", "other")::contains);
  private static final Syntax ANY_TEXT = new Syntax("text", any -> true);

  private final Fields fields;
  private final boolean row;

  /**
   * @param row whether observations may go without a name
   */
  ManifestBody(Fields fields, boolean row) {
    this.fields = fields;
    this.row = row;
  }

  Manifest read(ManifestReader.Head head) {
    Protocol protocol = protocol(head);
    Isolation minimum = isolation(head);
    Limits limits = limits();
    Manifest.Population population = population();
    List<Requirement> requirements = new RequirementsReader(fields, row).read();
    List<Manifest.ModelSetting> settings = settings();
    Manifest.Output output = output();
    return new Manifest(
        head.key(),
        head.version(),
        head.name(),
        head.image(),
        protocol,
        minimum,
        limits,
        population,
        requirements,
        settings,
        output,
        cases(RequirementsReader.inputNames(requirements), settings),
        card());
  }

  private Protocol protocol(ManifestReader.Head head) {
    String label = fields.text("protocol", ANY_TEXT);
    if (label == null) {
      return Protocol.JSON_LINES;
    }
    for (Protocol protocol : Protocol.values()) {
      if (protocol.label().equals(label)) {
        if (protocol != Protocol.JSON_LINES && !head.isContainer()) {
          fields.mistake("protocol", "must be json-lines: only a container image can serve HTTP");
        }
        return protocol;
      }
    }
    fields.mistake("protocol", "must be one of json-lines, sagemaker, open-inference-v2");
    return Protocol.JSON_LINES;
  }

  private Isolation isolation(ManifestReader.Head head) {
    Isolation fallback = head.isMock() ? Isolation.NONE : Isolation.WASM;
    Fields isolation = fields.object("isolation");
    if (isolation == null) {
      return fallback;
    }
    String label = isolation.requiredText("minimum", ANY_TEXT);
    isolation.refuseOthers();
    if (head.isMock()) {
      fields.mistake("isolation", "must be left out: nothing runs behind a mock image");
      return fallback;
    }
    for (Isolation level : EnumSet.range(Isolation.WASM, Isolation.MICROVM)) {
      if (level.label().equals(label)) {
        return level;
      }
    }
    isolation.mistake("minimum", "must be one of wasm, namespaces, gvisor, microvm");
    return fallback;
  }

  private Limits limits() {
    Fields limits = fields.object("limits");
    if (limits == null) {
      return Limits.DEFAULT;
    }
    long memory = Measures.size(limits, "memory", 1 << 20, 64L << 30, Limits.DEFAULT.memoryBytes());
    int cpus = cpus(limits);
    Duration timeout =
        Measures.duration(limits, "timeout", Duration.ofMillis(1), Duration.ofHours(1));
    long output = Measures.size(limits, "output", 1 << 10, 64 << 20, Limits.DEFAULT.outputBytes());
    limits.refuseOthers();
    return new Limits(
        memory, cpus, timeout == null ? Limits.DEFAULT.timeout() : timeout, (int) output);
  }

  private static int cpus(Fields limits) {
    JsonNode cpu = limits.find("cpu");
    if (cpu == null) {
      return Limits.DEFAULT.cpus();
    }
    if (!cpu.isInt() || cpu.intValue() < 1 || cpu.intValue() > 64) {
      limits.mistake("cpu", "must be a whole number from 1 to 64");
      return Limits.DEFAULT.cpus();
    }
    return cpu.intValue();
  }

  private Manifest.Population population() {
    Fields population = fields.object("population");
    if (population == null) {
      return Manifest.Population.ANY;
    }
    Requirement.Range age = population.range("age");
    if (population.has("sex") && population.texts("sex", SEX).isEmpty()) {
      population.mistake("sex", "must name at least one sex; leave it out for any");
    }
    Set<String> sexes = new HashSet<>(population.texts("sex", ANY_TEXT));
    population.refuseOthers();
    return new Manifest.Population(age, sexes);
  }

  private Manifest.Output output() {
    Fields output = fields.object("output");
    if (output == null) {
      return Manifest.Output.ANY;
    }
    Fields outcome = output.object("outcome");
    Coding coding = outcome == null ? null : outcome.coding();
    Requirement.Range score = output.range("score");
    String unit = output.text("unit", Syntax.UNIT);
    JsonNode schema = DetailsSchemaReader.read(output, "schema");
    output.refuseOthers();
    return new Manifest.Output(coding, score, unit, schema);
  }

  private List<Manifest.ModelSetting> settings() {
    List<Manifest.ModelSetting> settings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields each : fields.objects("settings")) {
      String name = each.requiredText("name", Syntax.SETTING_NAME);
      if (!names.add(name)) {
        each.mistake("name", "is the name of an earlier setting");
      }
      List<String> allowed = each.texts("allowed", Syntax.WORD);
      String fallback = each.requiredText("default", Syntax.WORD);
      if (allowed.isEmpty()) {
        each.mistake("allowed", "must list at least one word");
      } else if (!allowed.contains(fallback)) {
        each.mistake("default", "is none of the words in allowed");
      }
      settings.add(new Manifest.ModelSetting(name, allowed, fallback));
      each.refuseOthers();
    }
    return settings;
  }

  private List<Manifest.Case> cases(Set<String> inputNames, List<Manifest.ModelSetting> settings) {
    List<Manifest.Case> cases = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Fields each : fields.objects("cases")) {
      String name = each.requiredText("name", Syntax.TITLE);
      if (!names.add(name)) {
        each.mistake("name", "is the name of an earlier case");
      }
      JsonNode inputs = object(each, "inputs");
      for (String input : inputs.propertyNames()) {
        if (!inputNames.contains(input)) {
          String nearest = NearestName.of(input, inputNames);
          each.mistake(
              "inputs." + input,
              "is not an input of this manifest"
                  + (nearest == null ? "" : "; did you mean " + nearest + "?"));
        }
      }
      JsonNode expect = object(each, "expect");
      cases.add(
          new Manifest.Case(
              name, inputs, chosen(each, settings), expect, nonNegative(each, "tolerance")));
      each.refuseOthers();
    }
    return cases;
  }

  private static Map<String, String> chosen(Fields test, List<Manifest.ModelSetting> settings) {
    Fields chosen = test.object("settings");
    if (chosen == null) {
      return Map.of();
    }
    Map<String, String> words = new LinkedHashMap<>();
    for (Manifest.ModelSetting setting : settings) {
      String word = chosen.text(setting.name(), Syntax.WORD);
      if (word != null) {
        if (!setting.allowed().contains(word)) {
          chosen.mistake(setting.name(), "is none of the words that the setting allows");
        }
        words.put(setting.name(), word);
      }
    }
    chosen.refuseOthers();
    return words;
  }

  private static JsonNode object(Fields fields, String key) {
    JsonNode value = fields.find(key);
    if (value != null && value.isObject()) {
      return value;
    }
    fields.mistake(key, value == null ? "is missing" : "must be an object");
    return JsonNodeFactory.instance.objectNode();
  }

  /** A number of at least 0; 0 when the key is absent. */
  static BigDecimal nonNegative(Fields fields, String key) {
    @Nullable BigDecimal number = fields.number(key);
    if (number == null) {
      return BigDecimal.ZERO;
    }
    if (number.signum() < 0) {
      fields.mistake(key, "must not be below 0");
    }
    return number;
  }

  private Map<String, String> card() {
    Fields card = fields.object("card");
    if (card == null) {
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : card.keys()) {
      if (CARD_KEY.accepts().test(key)) {
        String text = card.text(key, Syntax.FREE_TEXT);
        texts.put(key, text == null ? "" : text);
      }
    }
    if (!card.has("intended_use")) {
      card.mistake("intended_use", "is missing: a card says what the model is for");
    }
    card.refuseOthers();
    return texts;
  }
}
