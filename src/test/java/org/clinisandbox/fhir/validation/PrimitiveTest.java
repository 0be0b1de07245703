package org.clinisandbox.fhir.validation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.clinisandbox.fhir.JsonLimits;
import org.clinisandbox.fhir.JsonRefused;
import org.clinisandbox.fhir.StrictJson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Lines of a type and values of it, as they are written in JSON. */
class PrimitiveTest {
  private static final StrictJson JSON = new StrictJson(JsonLimits.DEFAULT);

  /** Right here and to HAPI. */
  private static final String RIGHT =
      """
      base64Binary | "QUJD" | "QUI=" | "QQ==" | "QUJDQUJD" | "QUJD QUJD" | "QUJD\\r\\nQUJD" | " QUJD"
      base64Binary | "QUJD\\n" | "QR==" | "+/+/"
      boolean | true | false
      canonical | "http://a.b/c" | "http://a.b/c|1" | "http://a.b/c|1#x" | "http://a.b/c#x" | "#x"
      canonical | "#" | "urn:oid:1.2.36.146" | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
      canonical | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520|1.0" | "http://a|b|c" | "ftp://a"
      canonical | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520|1#a" | "foo:bar" | "x1:bar"
      code | "a" | "a b c" | "A-1_/\\u00e4"
      date | "2023" | "2023-02" | "2023-02-28" | "2024-02-29" | "2000-02-29" | "0001" | "9999-12-31"
      date | "1582-10-10" | "2023-04-30" | "2023-12-31"
      dateTime | "2023" | "2023-02" | "2023-02-28" | "2023-02-28T10:00:00Z" | "2023-02-28T23:59:60Z"
      dateTime | "2023-02-28T10:00:00.1Z" | "2023-02-28T10:00:00.1234567890123+14:00"
      dateTime | "2023-02-28T10:00:00-14:00" | "2023-02-28T10:00:00-00:00" | "0001-01-01T00:00:00Z"
      decimal | 0 | -0 | 0.0 | -0.0 | 1.50 | 1e3 | 1E+3 | 1e-3 | 1.5E10 | 123456789012345678901234567890
      decimal | 0.1234567890123456789012345 | 1e99
      id | "a" | "A1-b.c" | "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      instant | "2023-02-28T10:00:00Z" | "2023-02-28T10:00:00.123456Z" | "2023-02-28T23:59:60+01:00"
      integer | 0 | -0 | -1 | 2147483647 | -2147483648
      markdown | "a" | " *a* " | "a\\n\\tb" | " "
      oid | "urn:oid:1.2.36.146" | "urn:oid:1.3.1" | "urn:oid:2.16.840"
      positiveInt | 1 | 2147483647
      string | "a" | " a " | " " | "\\t" | "a\\r\\nb" | "\\u00a0" | "a\\u007fb" | "<b>x</b>" | "true"
      time | "00:00:00" | "23:59:60" | "10:30:59"
      unsignedInt | 0 | 1 | 2147483647
      uri | "http://a.b" | "Patient/1" | "#a" | "%" | "mailto:a@b" | "\\u00e4" | "urn:OID:1"
      uri | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520#x" | "urn:oid:1.2.36.0" | "urn:oid:1.30"
      url | "http://a.b" | "a" | "ftp://x" | "#a"
      uuid | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
      """;

  /** Wrong here and to HAPI. */
  private static final String WRONG =
      """
      base64Binary | "QUJ" | "QU" | "Q" | "QUJDQ" | "QU-_" | "QUJ!"
      boolean | "true" | "false" | 0 | 1
      canonical | "a" | "Patient/1" | "/a" | "http:" | "HTTP://a.b" | "Http://a" | "1x:b" | ":a"
      canonical | "http://a |1" | "urn:uuid:c757873D-ec9a-4326-a141-556f43239520|1"
      code | " a" | "a " | "a  b" | "a\\tb" | "a\\nb" | "a\\u00a0b" | "a\\u2003b" | "a\\u0085b"
      date | "2023-02-29" | "2023-02-30" | "1900-02-29" | "2023-04-31" | "0000" | "2023-13" | "2023-00"
      date | "2023-01-00" | "2023-01-32" | "2023-1-1" | "23" | "20230101" | "2023-" | "2023-02-"
      date | "2023-02-28T10:00:00Z" | "-2023" | "+2023" | "12023" | "2023-02-28Z" | " 2023" | "2023 "
      date | "\\uff12\\uff10\\uff12\\uff13" | "2023/02/28" | "2023-0a-01"
      dateTime | "2023-02-30" | "2023-02-28T10" | "2023-02-28T10:00" | "2023-02-28T10Z"
      dateTime | "2023-02-28T10:00Z" | "2023-02-28T10:00:00" | "2023-02-28T10:00:00z"
      dateTime | "2023-02-28t10:00:00Z" | "2023-02-28 10:00:00Z" | "2023-02-28T24:00:00Z"
      dateTime | "2023-02-28T23:60:00Z" | "2023-02-28T23:59:61Z" | "2023-02-28T10:00:00.Z"
      dateTime | "2023-02-28T10:00:00,1Z" | "2023-02-28T10:00:00+14:01" | "2023-02-28T10:00:00+15:00"
      dateTime | "2023-02-28T10:00:00+0100" | "2023-02-28T10:00:00+01" | "2023-02-28T10:00:00+1:00"
      dateTime | "2023-02-28T10:00:00+01:60" | "2023-02T10:00:00Z" | "2023T10:00:00Z"
      dateTime | "2023-02-29T10:00:00Z" | "0000-01-01T00:00:00Z" | "2023-02-28T10:00:00.5"
      dateTime | "2023-02-28T10:00:00Z " | "2023-02-28T-1:00:00Z" | "2023-02-28T10:00:00 01:00"
      decimal | "1.5" | "NaN" | true
      id | "a_b" | "a b" | "a/b" | "\\u00e4" | " a"
      id | "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      instant | "2023" | "2023-02-28" | "2023-02-28T10:00:00" | "2023-02-28T10:00Z"
      instant | "2023-02-28T10:00:00z" | "2023-02-29T10:00:00Z" | "2023-02-28T24:00:00Z"
      instant | "2023-02-28T10:00:00+14:30" | "0000-02-28T10:00:00Z" | "-2023-02-28T10:00:00Z"
      integer | 2147483648 | -2147483649 | 1.0 | 1e3 | 1E0 | 0.0 | 99999999999999999999 | "1" | true
      markdown | "a\\fb" | 1
      oid | "1.2.36.146" | "urn:oid:1.2" | "oid:1.2.3.4" | "urn:oid:1.02.3.45"
      oid | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"
      positiveInt | 0 | -1 | 2147483648 | 1.0 | 1e2 | "1"
      string | "a\\fb" | 1 | 1.5 | true
      time | "10:00" | "10" | "24:00:00" | "10:00:00." | "10:00:00Z" | "1:00:00" | "10:60:00"
      time | "10:00:61" | " 10:00:00" | "10:00:00+01:00"
      unsignedInt | -1 | 2147483648 | 1.0 | "0"
      uri | "a b" | " http://a" | "http://a " | "http://a\\tb" | "\\u00a0http://a" | "oid:1.2"
      uri | "uuid:abc" | "urn:oid:1.2.3" | "urn:oid:1.2" | "urn:oid:3.1.2.3" | "urn:oid:1.02.3.4.5"
      uri | "urn:oid:1.2..3.4" | "urn:oid:1.2.3.4." | "urn:oid:a" | "urn:oid:" | "urn:oid:1.3a"
      uri | "urn:oid:1.2.36.146#a" | "urn:oid:12.3.45.6" | "urn:oid:1"
      uri | "urn:uuid:C757873D-ec9a-4326-a141-556f43239520" | "urn:uuid:" | "\\u0085http:"
      uri | "urn:uuid:c757873d-ec9a-4326-a141-556f4323952" | "urn:uuid:c757873dec9a4326a141556f43239520"
      uri | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520|1"
      uri | "urn:uuid:c757873d_ec9a-4326-a141-556f43239520"
      url | "a b" | "urn:oid:1.2" | "uuid:a"
      uuid | "c757873d-ec9a-4326-a141-556f43239520" | "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"
      uuid | "urn:uuid:c757873d-ec9a-4326-a141-556f43239520#x" | "urn:oid:1.2.36.146"
      """;

  /** What the specification's patterns forbid and HAPI lets pass. */
  private static final String STRICTER =
      """
      base64Binary | "QU JD" | "====" | "Q===" | "QQ=A" | "QQ==QUJD" | "Q=JD" | "QUJ\\u00e4" | "QUJD!"
      base64Binary | "QUJD\\u000bQUJD" | " "
      canonical | "x_y:b" | " "
      code | "a\\u0001b" | "\\t" | " " | " \\n"
      date | " "
      dateTime | " "
      id | " "
      instant | " "
      markdown | "a\\u0001b" | "a\\u000bb"
      oid | " "
      string | "a\\u0001b" | "a\\u000bb" | "\\u000b" | "a\\u001fb"
      time | " "
      uri | "http://a\\u0001b" | "http://a\\u00a0b" | "http://a\\u2028b" | "http://a\\u3000b" | " "
      url | " "
      uuid | " "
      """;

  /** What the specification allows and HAPI refuses. */
  private static final String LAXER =
      """
      canonical | "foo+x:bar" | "x-y:bar" | "x.y:bar"
      time | "10:00:00.1" | "10:00:00.123456"
      """;

  record Case(Primitive type, String json) {
    @Override
    public String toString() {
      return type.name() + " " + json;
    }
  }

  private static Stream<Case> cases(String lines) {
    return lines
        .lines()
        .map(line -> line.split(Pattern.quote(" | "), -1))
        .flatMap(
            words ->
                Arrays.stream(words)
                    .skip(1)
                    .map(
                        json ->
                            new Case(requireNonNull(Primitive.named(words[0]), words[0]), json)));
  }

  static List<Case> right() {
    return Stream.concat(cases(RIGHT), cases(LAXER)).toList();
  }

  static List<Case> wrong() {
    return Stream.concat(cases(WRONG), cases(STRICTER)).toList();
  }

  static List<Case> asHapi() {
    return Stream.concat(cases(RIGHT), cases(WRONG)).toList();
  }

  static List<Case> otherThanHapi() {
    return Stream.concat(cases(STRICTER), cases(LAXER)).toList();
  }

  private static JsonNode read(String json) {
    try {
      return JSON.read(json.getBytes(StandardCharsets.UTF_8));
    } catch (JsonRefused e) {
      throw new AssertionError(json, e);
    }
  }

  private static String fhirName(Primitive type) {
    return RIGHT
        .lines()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .filter(name -> Primitive.named(name) == type)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("right")
  void what_the_type_allows_passes(Case one) {
    assertThat(one.type().wrong(read(one.json()))).isNull();
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void what_the_type_forbids_is_said_in_one_sentence(Case one) {
    assertThat(one.type().wrong(read(one.json()))).isNotNull().matches("[A-Z].*\\.");
  }

  @ParameterizedTest
  @EnumSource(Primitive.class)
  void the_value_is_never_said(Primitive type) {
    for (String json :
        List.of("\"Kraus\\u0001 4711\"", "47114711471147114711", "471147.114711", "[\"Kraus\"]")) {
      String said = type.wrong(read(json));
      if (said != null) {
        assertThat(said).doesNotContain("Kraus", "4711");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("asHapi")
  void hapi_says_the_same(Case one) {
    assertThat(Oracle.ofPrimitive(fhirName(one.type()), one.json()).isEmpty())
        .isEqualTo(one.type().wrong(read(one.json())) == null);
  }

  @ParameterizedTest
  @MethodSource("otherThanHapi")
  void hapi_says_otherwise_only_where_it_leaves_the_specification(Case one) {
    assertThat(Oracle.ofPrimitive(fhirName(one.type()), one.json()).isEmpty())
        .isNotEqualTo(one.type().wrong(read(one.json())) == null);
  }

  @ParameterizedTest
  @EnumSource(Primitive.class)
  void nothing_but_one_value_is_a_value(Primitive type) {
    for (String json :
        List.of("null", "{}", "[]", "[\"a\"]", "[1]", "[true]", "{\"a\":1}", "\"\"")) {
      assertThat(type.wrong(read(json))).as(json).isNotNull();
      assertThat(Oracle.ofPrimitive(fhirName(type), json)).as(json).isNotEmpty();
    }
  }

  @Test
  void text_ends_at_a_megabyte() {
    for (Primitive type : List.of(Primitive.STRING, Primitive.MARKDOWN, Primitive.CODE)) {
      String longest = "x".repeat(1024 * 1024);
      assertThat(type.wrong(read('"' + longest + '"'))).isNull();
      assertThat(type.wrong(read('"' + longest + "x\""))).contains("1048576");
    }
  }

  @Test
  void base64_is_as_long_as_it_likes() {
    assertThat(Primitive.BASE64_BINARY.wrong(read('"' + "QUJD".repeat(400_000) + '"'))).isNull();
  }

  @Test
  void names_are_those_of_fhir() {
    assertThat(Primitive.named("base64Binary")).isEqualTo(Primitive.BASE64_BINARY);
    assertThat(Primitive.named("unsignedInt")).isEqualTo(Primitive.UNSIGNED_INT);
    assertThat(Primitive.named("xhtml")).isNull();
    assertThat(Primitive.named("Quantity")).isNull();
  }

  @Test
  void a_missing_zone_is_told_from_a_bad_one() {
    assertThat(Primitive.DATE_TIME.wrong(read("\"2026-01-31T08:30:00\"")))
        .isEqualTo("A dateTime with a time needs a time zone, as 2026-01-31T08:30:00+01:00.");
    assertThat(Primitive.DATE_TIME.wrong(read("\"2026-01-31T08:30:00 \""))).contains("seconds");
  }

  @Test
  void a_wrong_kind_is_named() {
    assertThat(Primitive.DECIMAL.wrong(read("\"1\"")))
        .isEqualTo("This is a string; a decimal is a JSON number.");
    assertThat(Primitive.UNSIGNED_INT.wrong(read("{}")))
        .isEqualTo("This is an object; an unsignedInt is a JSON number.");
    assertThat(Primitive.URI.wrong(read("1")))
        .isEqualTo("This is a number; a uri is a JSON string.");
    assertThat(Primitive.BOOLEAN.wrong(read("\"true\"")))
        .isEqualTo("This is a string; a boolean is true or false, without quotes.");
  }
}
