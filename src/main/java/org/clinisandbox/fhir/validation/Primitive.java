package org.clinisandbox.fhir.validation;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The primitive types of FHIR R4, but xhtml, and what a JSON value of each must look like. */
enum Primitive {
  BASE64_BINARY("base64Binary"),
  BOOLEAN("boolean"),
  CANONICAL("canonical"),
  CODE("code"),
  DATE("date"),
  DATE_TIME("dateTime"),
  DECIMAL("decimal"),
  ID("id"),
  INSTANT("instant"),
  INTEGER("integer"),
  MARKDOWN("markdown"),
  OID("oid"),
  POSITIVE_INT("positiveInt"),
  STRING("string"),
  TIME("time"),
  UNSIGNED_INT("unsignedInt"),
  URI("uri"),
  URL("url"),
  UUID("uuid");

  private static final Map<String, Primitive> BY_NAME =
      Arrays.stream(values()).collect(Collectors.toMap(type -> type.fhirName, Function.identity()));

  private static final String A_STRING = " is a JSON string.";
  private static final String A_NUMBER = " is a JSON number.";

  private final String fhirName;
  private final String withArticle;

  Primitive(String fhirName) {
    this.fhirName = fhirName;
    this.withArticle =
        switch (fhirName.charAt(0)) {
              case 'i', 'o' -> "an ";
              case 'u' -> fhirName.startsWith("un") ? "an " : "a ";
              default -> "a ";
            }
            + fhirName;
  }

  /** The type of this name in FHIR; null when there is none. */
  static @Nullable Primitive named(String fhirTypeName) {
    return BY_NAME.get(fhirTypeName);
  }

  String fhirName() {
    return fhirName;
  }

  /** What is wrong with a value, in one sentence that never repeats it; null when it is right. */
  @Nullable String wrong(JsonNode value) {
    return switch (this) {
      case BOOLEAN -> value.isBoolean() ? null : kind(value, " is true or false, without quotes.");
      case DECIMAL -> value.isNumber() ? null : kind(value, A_NUMBER);
      case INTEGER -> integer(value, Integer.MIN_VALUE);
      case UNSIGNED_INT -> integer(value, 0);
      case POSITIVE_INT -> integer(value, 1);
      case BASE64_BINARY,
          CANONICAL,
          CODE,
          DATE,
          DATE_TIME,
          ID,
          INSTANT,
          MARKDOWN,
          OID,
          STRING,
          TIME,
          URI,
          URL,
          UUID ->
          value.isString() ? wrong(value.stringValue()) : kind(value, A_STRING);
    };
  }

  private @Nullable String wrong(String text) {
    if (text.isEmpty()) {
      return "This is empty; leave the property out, or give it a value.";
    }
    return switch (this) {
      case BASE64_BINARY -> Texts.base64(text);
      case CODE -> Texts.code(text);
      case ID -> Texts.id(text);
      case MARKDOWN, STRING -> Texts.string(text);
      case DATE -> Times.date(text);
      case DATE_TIME -> Times.dateTime(text);
      case INSTANT -> Times.instant(text);
      case TIME -> Times.time(text);
      case URI, URL -> Uris.uri(text);
      case CANONICAL -> Uris.canonical(text);
      case OID -> Uris.oid(text);
      case UUID -> Uris.uuid(text);
      case BOOLEAN, DECIMAL, INTEGER, POSITIVE_INT, UNSIGNED_INT ->
          throw new IllegalStateException("Not written as a string");
    };
  }

  private @Nullable String integer(JsonNode value, int least) {
    if (value.isInt()) {
      return value.intValue() >= least ? null : "A " + fhirName + " is at least " + least + ".";
    }
    if (value.isIntegralNumber()) {
      return "An integer lies between -2147483648 and 2147483647.";
    }
    return value.isNumber()
        ? "An integer is written without decimal point and exponent."
        : kind(value, A_NUMBER);
  }

  private String kind(JsonNode value, String wanted) {
    String found =
        switch (value.getNodeType()) {
          case STRING -> "a string";
          case NUMBER -> "a number";
          case BOOLEAN -> "a boolean";
          case OBJECT, POJO -> "an object";
          case ARRAY -> "an array";
          case NULL, MISSING -> "null";
          case BINARY -> "binary";
        };
    return "This is " + found + "; " + withArticle + wanted;
  }
}
