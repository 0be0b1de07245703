package org.clinisandbox.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The settings of one process: flags before environment before file before default. Immutable;
 * holds secrets, so {@code toString} shows names alone.
 */
public final class Settings {
  private static final String PREFIX = "CLINISANDBOX_";
  private static final long LARGEST_BODY = 128L << 20;
  private static final Set<String> KNOWN =
      Arrays.stream(Setting.values()).map(Enum::name).collect(Collectors.toUnmodifiableSet());

  private final Map<Setting, String> given;

  private Settings(Map<Setting, String> given) {
    this.given = new EnumMap<>(given);
  }

  /**
   * Reads and checks them.
   *
   * @param environment variables of ours are those with our prefix, and those that {@link Setting}
   *     names
   * @param flags what the command line said, which wins
   * @throws SettingsException with every mistake at once
   */
  public static Settings load(Map<String, String> environment, Map<Setting, String> flags) {
    List<String> mistakes = new ArrayList<>();
    Map<Setting, String> given = new EnumMap<>(Setting.class);
    String file = environment.get(Setting.CLINISANDBOX_CONFIG.name());
    if (file != null) {
      readFile(Path.of(file), given, mistakes);
    }
    environment.forEach(
        (name, value) -> {
          if (KNOWN.contains(name)) {
            if (!value.isBlank()) {
              given.put(Setting.valueOf(name), value.strip());
            }
          } else if (name.startsWith(PREFIX)) {
            mistakes.add("There is no setting " + name + ". docs/settings.md lists them all.");
          }
        });
    given.putAll(flags);
    Settings settings = new Settings(given);
    settings.check(mistakes);
    if (!mistakes.isEmpty()) {
      throw new SettingsException(mistakes);
    }
    return settings;
  }

  private static final Pattern MODEL_SETTINGS =
      Pattern.compile(
          "\\s*[a-z][a-z0-9_.-]*\\s*=\\s*[A-Za-z0-9_.+-]+\\s*"
              + "(,\\s*[a-z][a-z0-9_.-]*\\s*=\\s*[A-Za-z0-9_.+-]+\\s*)*");

  private static final Pattern TENANT_LEVELS =
      Pattern.compile(
          "\\s*([^=,\\s]+)\\s*=\\s*(wasm|namespaces|gvisor|microvm)\\s*"
              + "(,\\s*([^=,\\s]+)\\s*=\\s*(wasm|namespaces|gvisor|microvm)\\s*)*");

  private static void readFile(Path file, Map<Setting, String> given, List<String> mistakes) {
    try {
      JsonNode tree = new YAMLMapper().readTree(Files.readAllBytes(file));
      if (!tree.isObject()) {
        mistakes.add("The settings file " + file + " must hold NAME: value lines.");
        return;
      }
      tree.forEachEntry(
          (name, value) -> {
            if (KNOWN.contains(name) && value.isValueNode()) {
              given.put(Setting.valueOf(name), value.asString());
            } else {
              mistakes.add("The settings file " + file + " has an unknown setting: " + name + ".");
            }
          });
    } catch (IOException | JacksonException e) {
      mistakes.add("The settings file " + file + " cannot be read as YAML.");
    }
  }

  private void check(List<String> mistakes) {
    if (get(Setting.CLINISANDBOX_MASTER_KEY).isPresent()
        && get(Setting.CLINISANDBOX_MASTER_KEY_FILE).isPresent()) {
      mistakes.add(
          "CLINISANDBOX_MASTER_KEY and CLINISANDBOX_MASTER_KEY_FILE are both set: keep one.");
    }
    if (get(Setting.DATABASE_URL).isPresent() != get(Setting.REDIS_URL).isPresent()) {
      mistakes.add("DATABASE_URL and REDIS_URL go together: set both, or neither.");
    }
    get(Setting.CLINISANDBOX_AUTH)
        .filter(auth -> !auth.equals("local"))
        .ifPresent(auth -> mistakes.add("CLINISANDBOX_AUTH must be local, or not set."));
    String realVm = text(Setting.USE_REAL_VM);
    if (realVm.equalsIgnoreCase("true")) {
      if (get(Setting.CLINISANDBOX_BACKENDS).isPresent()) {
        mistakes.add("USE_REAL_VM=True and CLINISANDBOX_BACKENDS say two things: keep one.");
      }
    } else if (!realVm.equalsIgnoreCase("false")) {
      mistakes.add("USE_REAL_VM must be True or False.");
    }
    number(Setting.CLINISANDBOX_PORT, 0, 65_535, mistakes);
    if (get(Setting.CLINISANDBOX_WORKERS).isPresent()) {
      number(Setting.CLINISANDBOX_WORKERS, 1, 1_024, mistakes);
    }
    number(Setting.CLINISANDBOX_NEGOTIATIONS, 1, 1_000_000, mistakes);
    get(Setting.CLINISANDBOX_MODEL_SETTINGS)
        .filter(choices -> !MODEL_SETTINGS.matcher(choices).matches())
        .ifPresent(
            choices -> mistakes.add("CLINISANDBOX_MODEL_SETTINGS must read name=word,name=word."));
    get(Setting.CLINISANDBOX_TENANT_ISOLATION)
        .filter(levels -> !TENANT_LEVELS.matcher(levels).matches())
        .ifPresent(
            levels ->
                mistakes.add(
                    "CLINISANDBOX_TENANT_ISOLATION must read tenant=level,*=level; a level is wasm,"
                        + " namespaces, gvisor or microvm."));
    size(Setting.CLINISANDBOX_WARM_MEMORY, mistakes);
    size(Setting.CLINISANDBOX_IMAGES_SIZE, mistakes);
    long body = bytes(text(Setting.CLINISANDBOX_MAX_BODY));
    if (body < 1 || body > LARGEST_BODY) {
      mistakes.add("CLINISANDBOX_MAX_BODY must be a size such as 16Mi, at most 128Mi.");
    }
  }

  private void number(Setting setting, int low, int high, List<String> mistakes) {
    try {
      int number = Integer.parseInt(text(setting));
      if (number >= low && number <= high) {
        return;
      }
    } catch (NumberFormatException e) {
      // Said below, in the same words.
    }
    mistakes.add(setting + " must be a whole number from " + low + " to " + high + ".");
  }

  private void size(Setting setting, List<String> mistakes) {
    get(setting)
        .filter(size -> bytes(size) < 0)
        .ifPresent(size -> mistakes.add(setting + " must be a size such as 512Mi or 4Gi."));
  }

  private static long bytes(String size) {
    try {
      String number = size.replaceFirst("[MG]i$", "");
      int shift = size.endsWith("Gi") ? 30 : size.endsWith("Mi") ? 20 : 0;
      return Math.multiplyExact(Long.parseLong(number), 1L << shift);
    } catch (NumberFormatException | ArithmeticException e) {
      return -1;
    }
  }

  /** The same settings with some replaced, as {@code up} does with the servers it started. */
  public Settings with(Map<Setting, String> more) {
    Map<Setting, String> merged = new EnumMap<>(Setting.class);
    merged.putAll(given);
    merged.putAll(more);
    return new Settings(merged);
  }

  /** What was given, or the default; empty when there is neither. */
  public Optional<String> get(Setting setting) {
    String value = given.get(setting);
    return Optional.ofNullable(value == null ? setting.defaultValue() : value);
  }

  /**
   * As {@link #get}, for one that must be there.
   *
   * @throws SettingsException naming it when it is not
   */
  public String text(Setting setting) {
    return get(setting)
        .orElseThrow(
            () -> new SettingsException(setting + " is not set: " + setting.meaning() + "."));
  }

  public int port() {
    return Integer.parseInt(text(Setting.CLINISANDBOX_PORT));
  }

  public Path path(Setting setting) {
    return Path.of(text(setting)).toAbsolutePath().normalize();
  }

  /** The largest request body, in bytes. */
  public int maxBody() {
    return (int) bytes(text(Setting.CLINISANDBOX_MAX_BODY));
  }

  /** Jobs that one worker runs at a time. */
  public int workers() {
    return get(Setting.CLINISANDBOX_WORKERS)
        .map(Integer::parseInt)
        .orElse(Runtime.getRuntime().availableProcessors());
  }

  /** How many negotiations of one tenant may wait for answers. */
  public int negotiations() {
    return Integer.parseInt(text(Setting.CLINISANDBOX_NEGOTIATIONS));
  }

  /** What the operator has chosen for models, by the setting's name. */
  public Map<String, String> modelSettings() {
    return words(Setting.CLINISANDBOX_MODEL_SETTINGS);
  }

  /** The label of the weakest isolation for each tenant's jobs; {@code *} for all others. */
  public Map<String, String> tenantIsolation() {
    return words(Setting.CLINISANDBOX_TENANT_ISOLATION);
  }

  /** What a setting that reads {@code name=word,name=word} says. */
  private Map<String, String> words(Setting setting) {
    Map<String, String> choices = new HashMap<>();
    for (String choice : list(setting)) {
      String[] halves = choice.split("=", 2);
      choices.put(halves[0].strip(), halves[1].strip());
    }
    return choices;
  }

  /** The parts of a setting that reads {@code one,two}; none when it is not given. */
  public List<String> list(Setting setting) {
    return get(setting).stream()
        .flatMap(text -> Arrays.stream(text.split(",", -1)))
        .map(String::strip)
        .toList();
  }

  /** Whether container images run in Firecracker alone. */
  public boolean useRealVm() {
    return text(Setting.USE_REAL_VM).equalsIgnoreCase("true");
  }

  /** A size in bytes; empty when it is not given. */
  public OptionalLong size(Setting setting) {
    return get(setting).map(size -> OptionalLong.of(bytes(size))).orElse(OptionalLong.empty());
  }

  /** A folder that has a place of its own below another unless it is given. */
  public Path path(Setting setting, Setting parent, String child) {
    return get(setting).isPresent() ? path(setting) : path(parent).resolve(child);
  }

  /** The key database's URL: its own, or beside the main one. */
  public String keysDatabaseUrl() {
    return get(Setting.CLINISANDBOX_KEYS_DATABASE_URL)
        .orElseGet(() -> besideWithSuffix(text(Setting.DATABASE_URL)));
  }

  private static String besideWithSuffix(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url + "_keys" : url.substring(0, query) + "_keys" + url.substring(query);
  }

  @Override
  public String toString() {
    return given.keySet().toString();
  }
}
