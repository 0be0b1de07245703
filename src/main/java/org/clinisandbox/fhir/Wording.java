package org.clinisandbox.fhir;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.hl7.fhir.utilities.i18n.I18nConstants;
import org.hl7.fhir.utilities.validation.ValidationMessage;
import org.jspecify.annotations.Nullable;

/**
 * Says what HAPI's messages say without the values in them. Nothing is cut out of a message: it is
 * written anew from the validator's own template, and of the template's parameters only those are
 * filled in that are, as a whole, names of R4's definitions. So a value can't slip through however
 * it is quoted.
 */
final class Wording {
  private static final String MASK = "…";
  private static final Pattern PARAMETER = Pattern.compile("\\{\\d+}");
  private static final Pattern COUNT = Pattern.compile("\\d{1,6}|\\*");
  private static final Pattern AT_A_PLACE = Pattern.compile(" \\((?:… )?at …\\)$");

  /** The only messages whose numbers are counts and limits, never values. */
  private static final Pattern COUNTING = Pattern.compile("Validation_VAL_Profile_M(in|ax)imum");

  /** Kinds of JSON, as HAPI puts them into its templates. */
  private static final List<String> JSON_KINDS =
      List.of("an Array", "an Object", "a Primitive property", "a Null", "an object", "a string");

  private static final String UNKNOWN = "This is not valid FHIR R4.";

  /** Where HAPI's template is nothing but parameters, or speaks of its own set-up. */
  private static final Map<String, String> OWN =
      Map.of(
          "Terminology_PassThrough_TX_Message",
          "The code is not in the code system or value set that is required here.");

  private final Definitions definitions;
  private final Map<String, Template> templates = new HashMap<>();
  private final List<Template> longestFirst;

  Wording(Definitions definitions) {
    this.definitions = definitions;
    Properties texts = load();
    for (String id : texts.stringPropertyNames()) {
      templates.put(id, new Template(id, texts.getProperty(id)));
    }
    longestFirst =
        templates.values().stream()
            .filter(t -> t.literals().getFirst().length() >= 4)
            .sorted(Comparator.comparingInt(Template::length).reversed())
            .toList();
  }

  /**
   * @param said what to tell people
   * @param property the unknown property that it is about; null when it is about something else
   */
  record Said(String said, @Nullable String property) {}

  /**
   * Words one message.
   *
   * @param isLeaf whether a text stands as a value in the bundle's entry; such a one is masked even
   *     when it is also a name
   */
  Said say(ValidationMessage message, Predicate<String> isLeaf) {
    String id = message.getMessageId();
    String text = message.getMessage() == null ? "" : message.getMessage();
    int hash = id == null ? -1 : id.lastIndexOf('#');
    if (id != null && hash >= 0) {
      String rule = definitions.rule(id);
      return new Said(rule == null ? UNKNOWN : id.substring(hash + 1) + ": " + rule, null);
    }
    String own = id == null ? null : OWN.get(id);
    if (own != null) {
      return new Said(own, null);
    }
    Template template = id == null ? byText(text) : byId(id, text);
    if (template == null) {
      return new Said(UNKNOWN, null);
    }
    List<String> parameters = template.parameters(text);
    boolean counts = COUNTING.matcher(template.id()).lookingAt();
    String said =
        template.fill(
            parameters.stream()
                .map(p -> isSafe(p, isLeaf) || (counts && COUNT.matcher(p).matches()) ? p : MASK)
                .toList());
    String property =
        template.id().equals(I18nConstants.UNRECOGNISED_PROPERTY_) && !parameters.isEmpty()
            ? parameters.getFirst()
            : null;
    return new Said(AT_A_PLACE.matcher(said).replaceFirst(""), property);
  }

  private boolean isSafe(String parameter, Predicate<String> isLeaf) {
    if (JSON_KINDS.contains(parameter)) {
      return true;
    }
    for (String part : parameter.split(", ", -1)) {
      if (!definitions.isName(part) || (!part.contains("://") && isLeaf.test(part))) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Template byId(String id, String text) {
    Template plain = templates.get(id);
    if (plain != null) {
      return plain;
    }
    Template one = templates.get(id + "_one");
    return one != null && one.fits(text) ? one : templates.get(id + "_other");
  }

  /** The parser's messages come without an id. */
  private @Nullable Template byText(String text) {
    return longestFirst.stream().filter(t -> t.fits(text)).findFirst().orElse(null);
  }

  private static Properties load() {
    Properties texts = new Properties();
    try (InputStream in = I18nConstants.class.getResourceAsStream("/Messages.properties")) {
      if (in == null) {
        throw new IllegalStateException("HAPI's message templates are missing from the class path");
      }
      texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  /** A text with parameters between its literals; there is one literal more than parameters. */
  private record Template(String id, List<String> literals) {
    Template(String id, String pattern) {
      this(id, List.of(PARAMETER.split(pattern.replace("''", "'"), -1)));
    }

    int length() {
      return literals.stream().mapToInt(String::length).sum();
    }

    boolean fits(String text) {
      return align(text) != null;
    }

    List<String> parameters(String text) {
      List<String> parameters = align(text);
      return parameters == null
          ? literals.stream().skip(1).map(literal -> MASK).toList()
          : parameters;
    }

    /**
     * What stands between the literals, each taken at its first place; null when one is missing.
     */
    private @Nullable List<String> align(String text) {
      if (!text.startsWith(literals.getFirst())) {
        return null;
      }
      List<String> found = new ArrayList<>();
      int position = literals.getFirst().length();
      for (int i = 1; i < literals.size(); i++) {
        String literal = literals.get(i);
        boolean last = i == literals.size() - 1;
        int next = last && literal.isEmpty() ? text.length() : text.indexOf(literal, position);
        if (next < 0) {
          return null;
        }
        found.add(text.substring(position, next));
        position = next + literal.length();
      }
      return found;
    }

    String fill(List<String> parameters) {
      StringBuilder filled = new StringBuilder(literals.getFirst());
      for (int i = 0; i < parameters.size(); i++) {
        filled.append(parameters.get(i)).append(literals.get(i + 1));
      }
      return filled.toString();
    }
  }
}
