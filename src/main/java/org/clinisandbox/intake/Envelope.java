package org.clinisandbox.intake;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/**
 * What a request for a diagnosis asks for.
 *
 * @param modelVersion null for the highest active one
 */
record Envelope(
    String modelKey,
    @Nullable String modelVersion,
    JsonNode bundle,
    @Nullable String callback,
    @Nullable String clientReference) {

  private static final String BUNDLE = "fhir_bundle";
  private static final List<String> WORDS =
      List.of("model_key", "model_version", "callback_url", "client_reference");
  private static final Pattern CLIENT_REFERENCE = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int LONGEST_WORD = 2_048;

  /**
   * Reads it: {@code application/json} is our envelope around a bundle, {@code
   * application/fhir+json} is the bundle itself with the rest in the query.
   */
  static Envelope read(HttpServletRequest request, MediaType type, JsonNode body) {
    if (type.equals(MediaType.APPLICATION_JSON)) {
      refuseQuery(request);
      return ofEnvelope(body);
    }
    return ofQuery(request.getParameterMap(), body);
  }

  private static void refuseQuery(HttpServletRequest request) {
    if (request.getQueryString() != null) {
      throw Problem.badRequest("With application/json everything is in the body: send no query.");
    }
  }

  private static Envelope ofEnvelope(JsonNode body) {
    if (!body.isObject()) {
      throw Problem.badRequest("The body must be a JSON object with model_key and fhir_bundle.");
    }
    Set<String> unknown = new TreeSet<>(body.propertyNames());
    unknown.removeAll(WORDS);
    unknown.remove(BUNDLE);
    refuseUnknown(unknown);
    if (!body.has(BUNDLE)) {
      throw Problem.badRequest("The field fhir_bundle is missing: put the FHIR Bundle there.");
    }
    return of(name -> word(name, body.get(name)), body.get(BUNDLE));
  }

  private static Envelope ofQuery(Map<String, String[]> query, JsonNode bundle) {
    Set<String> unknown = new TreeSet<>(query.keySet());
    unknown.removeAll(WORDS);
    refuseUnknown(unknown);
    return of(
        name -> {
          String[] values = query.get(name);
          if (values != null && values.length > 1) {
            throw Problem.badRequest("The parameter " + name + " is given twice.");
          }
          return values == null ? null : values[0];
        },
        bundle);
  }

  private static void refuseUnknown(Set<String> unknown) {
    if (!unknown.isEmpty()) {
      throw Problem.badRequest(
          "Unknown fields: "
              + String.join(", ", unknown)
              + ". Known are "
              + BUNDLE
              + ", "
              + String.join(", ", WORDS)
              + ".");
    }
  }

  /** Where a field's text comes from. */
  private interface Words {
    @Nullable String of(String name);
  }

  private static Envelope of(Words words, JsonNode bundle) {
    String key = words.of("model_key");
    String version = words.of("model_version");
    if ((key + version).indexOf('\0') >= 0) {
      throw Problem.badRequest("model_key and model_version hold no control characters.");
    }
    if (key == null || key.isBlank()) {
      throw Problem.badRequest("The field model_key is missing: GET /v1/models lists the keys.");
    }
    String reference = words.of("client_reference");
    if (reference != null && !CLIENT_REFERENCE.matcher(reference).matches()) {
      throw Problem.badRequest("client_reference must be 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    return new Envelope(key, version, bundle, words.of("callback_url"), reference);
  }

  private static @Nullable String word(String name, @Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString() || value.stringValue().length() > LONGEST_WORD) {
      throw Problem.badRequest(
          "The field " + name + " must be a string of at most " + LONGEST_WORD + " characters.");
    }
    return value.stringValue();
  }
}
