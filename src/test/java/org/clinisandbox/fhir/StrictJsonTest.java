package org.clinisandbox.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.clinisandbox.fhir.JsonRefused.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StrictJsonTest {
  private static final StrictJson JSON = new StrictJson(new JsonLimits(5, 3, 40));

  @Test
  void a_document_comes_back_as_it_was_sent() throws JsonRefused {
    String text = "{\"a\":[1,-2.50,true,false,null,\"é😀\",99999999999999999999],\"b\":{\"c\":{}}}";

    assertThat(JSON.read(utf8(text)).toString()).isEqualTo(text);
  }

  @Test
  void decimals_keep_their_scale_and_are_written_plainly() throws JsonRefused {
    JsonNode read = JSON.read(utf8("[1.500,1E2,0.1000000000000000055511151231257827]"));

    assertThat(read.get(0).decimalValue()).isEqualTo(new BigDecimal("1.500"));
    assertThat(read.get(0).decimalValue().scale()).isEqualTo(3);
    assertThat(Json.MAPPER.writeValueAsString(read))
        .isEqualTo("[1.500,100,0.1000000000000000055511151231257827]");
    assertThat(Json.MAPPER.writeValueAsString(Json.MAPPER.readTree("[1.500,1E2]")))
        .isEqualTo("[1.500,100]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "{",
        "[1,]",
        "{\"a\":1,}",
        "{'a':1}",
        "{a:1}",
        "[01]",
        "[NaN]",
        "[.5]",
        "[1.]",
        "[+1]",
        "[tru]",
        "[\"a\tb\"]",
        "[\"\\x\"]",
        "[1 2]",
        "/**/1",
        "{\"a\" 1}",
        "{\"a\"}",
        "[}",
        "\"a"
      })
  void what_is_not_json_is_refused(String text) {
    assertThat(refused(utf8(text)).kind()).isEqualTo(Kind.NOT_JSON);
  }

  @ParameterizedTest
  @CsvSource({
    "an overlong slash, C0AF",
    "an overlong NUL, C080",
    "an overlong three-byte form, E080AF",
    "an encoded surrogate, EDA080",
    "an encoded surrogate pair, EDA0BDEDB880",
    "a truncated sequence, E282",
    "a lone continuation, 80",
    "beyond Unicode, F4908080",
    "Latin-1, E9",
    "a UTF-16 byte order mark, FFFE"
  })
  void bytes_that_are_not_utf8_are_refused(String what, String hex) {
    byte[] bad = java.util.HexFormat.of().parseHex(hex);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(utf8("[1,\n \""));
    body.writeBytes(bad);
    body.writeBytes(utf8("\"]"));

    JsonRefused refused = refused(body.toByteArray());

    assertThat(refused.kind()).as(what).isEqualTo(Kind.BAD_UTF8);
    assertThat(refused.line()).isEqualTo(2);
    assertThat(refused.column()).isEqualTo(3);
  }

  @Test
  void bytes_that_are_not_utf8_are_found_beyond_the_first_chunk_and_at_the_very_end() {
    byte[] body = utf8("\"" + "é".repeat(20_000) + "\"");
    body[body.length - 1] = (byte) 0xC3;

    assertThat(refused(body).kind()).isEqualTo(Kind.BAD_UTF8);
  }

  @Test
  void a_byte_order_mark_is_refused() {
    assertThat(refused(utf8("\uFEFF{}")).kind()).isEqualTo(Kind.BYTE_ORDER_MARK);
  }

  @Test
  void utf16_is_not_guessed() {
    assertThat(refused("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE)).kind())
        .isEqualTo(Kind.BAD_CHARACTER);
    assertThat(refused("{\"a\":1}".getBytes(StandardCharsets.UTF_16LE)).kind())
        .isEqualTo(Kind.BAD_CHARACTER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[\"a\\u0000\"]",
        "{\"a\\u0000\":1}",
        "[\"\\uD800\"]",
        "[\"\\uDC00\"]",
        "[\"\\uD800a\"]",
        "[\"\\uDC00\\uD800\"]",
        "[\"\\uD83D\\uD83D\\uDE00\"]",
        "[\"\u0000\"]"
      })
  void nul_and_half_surrogate_pairs_are_refused(String text) {
    assertThat(refused(utf8(text)).kind()).isEqualTo(Kind.BAD_CHARACTER);
  }

  @ParameterizedTest
  @ValueSource(ints = {8190, 8191, 8192, 20_000})
  void half_a_surrogate_pair_and_nul_are_refused_wherever_they_stand(int place) {
    String before = " ".repeat(place - 2) + "[\"";
    assertThat(refused(utf8(before + "\\uD800\"]")).kind()).isEqualTo(Kind.BAD_CHARACTER);
    JsonRefused nul = refused(utf8(before + "\0\"]"));
    assertThat(nul.kind()).isEqualTo(Kind.BAD_CHARACTER);
    assertThat(nul.column()).isEqualTo(place + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"\\uD800\":1}", "{\"\\uDC00a\":1}", "{\"a\\uD83Da\":1}"})
  void half_a_surrogate_pair_in_a_property_name_is_refused(String text) {
    assertThat(refused(utf8(text)).kind()).isIn(Kind.BAD_CHARACTER, Kind.NOT_JSON);
  }

  @Test
  void an_escaped_surrogate_pair_is_one_character() throws JsonRefused {
    JsonNode read = JSON.read(utf8("{\"\\uD83D\\uDE00\":\"\\uD83D\\uDE00\"}"));

    assertThat(read.get("😀").stringValue()).isEqualTo("😀");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":2}",
        "[{\"x\":{\"a\":null,\"b\":1,\"c\":1,\"a\":null}}]"
      })
  void a_property_given_twice_is_refused(String text) {
    assertThat(refused(utf8(text)).kind()).isEqualTo(Kind.DUPLICATE_KEY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{} {}", "1 2", "[]]", "{}x", "[] ,", "{}\n\n\u0001"})
  void nothing_may_follow_the_document(String text) {
    assertThat(refused(utf8(text)).kind()).isEqualTo(Kind.TRAILING_CONTENT);
  }

  @Test
  void white_space_may_follow_the_document() throws JsonRefused {
    assertThat(JSON.read(utf8(" {}\r\n\t ")).isEmpty()).isTrue();
  }

  @Test
  void the_depth_is_limited() throws JsonRefused {
    assertThat(JSON.read(utf8("[[[[[1]]]]]")).isArray()).isTrue();
    assertThat(refused(utf8("[[[[[[1]]]]]]")).kind()).isEqualTo(Kind.TOO_DEEP);
    assertThat(refused(utf8("{\"a\":".repeat(10_000))).kind()).isEqualTo(Kind.TOO_DEEP);
    assertThat(refused(utf8("[".repeat(10_000))).kind()).isEqualTo(Kind.TOO_DEEP);
  }

  @Test
  void a_strings_length_is_limited() throws JsonRefused {
    String longest = "x".repeat(40);

    assertThat(JSON.read(utf8("{\"" + longest + "\":\"" + longest + "\"}")).size()).isEqualTo(1);
    assertThat(refused(utf8("[\"x" + longest + "\"]")).kind()).isEqualTo(Kind.STRING_TOO_LONG);
    assertThat(refused(utf8("{\"x" + longest + "\":1}")).kind()).isEqualTo(Kind.STRING_TOO_LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"entry", "fhir_bundle"})
  void the_number_of_entries_is_limited(String where) throws JsonRefused {
    String form = where.equals("entry") ? "{\"entry\":[%s]}" : "{\"fhir_bundle\":{\"entry\":[%s]}}";

    assertThat(JSON.read(utf8(form.formatted("1,2,3"))).size()).isEqualTo(1);
    assertThat(refused(utf8(form.formatted("1,2,3,4"))).kind()).isEqualTo(Kind.TOO_MANY_ENTRIES);
  }

  @Test
  void other_arrays_may_be_longer_than_the_bundle() throws JsonRefused {
    String text = "{\"x\":[1,2,3,4],\"y\":{\"entry\":[1,2,3,4]},\"fhir_bundle\":{\"x\":[1,2,3,4]}}";

    assertThat(JSON.read(utf8(text)).toString()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E999999999", "1e-999999999", "1E99999999999", "-1E-1000", "0E1000"})
  void a_number_whose_plain_form_is_huge_is_refused(String number) {
    assertThat(refused(utf8("[" + number + "]")).kind()).isEqualTo(Kind.NUMBER_TOO_LONG);
  }

  @Test
  void a_number_with_too_many_digits_is_refused() {
    assertThat(refused(utf8("[" + "9".repeat(300) + "]")).kind()).isEqualTo(Kind.NUMBER_TOO_LONG);
    assertThat(refused(utf8("[0." + "9".repeat(300) + "]")).kind()).isEqualTo(Kind.NUMBER_TOO_LONG);
  }

  @Test
  void a_refusal_names_the_place_and_never_repeats_the_body() {
    JsonRefused refused = refused(utf8("{\n  \"Secret\": \"Miller\",\n  \"Secret\": \"Miller\"}"));

    assertThat(refused.line()).isEqualTo(3);
    assertThat(refused.column()).isEqualTo(3);
    assertThat(refused)
        .hasMessage("Line 3, column 3: An object has the same property twice; keep one of them.")
        .hasNoCause();
    assertThat(refused(utf8("{\"a\": Miller}")).toString()).doesNotContain("Miller");
    assertThat(refused(utf8("{\"a\": Miller}"))).hasNoCause();
  }

  @Test
  void limits_must_be_positive() {
    assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> new JsonLimits(0, 1, 1)))
        .isNotNull();
    assertThat(JsonLimits.DEFAULT).isEqualTo(new JsonLimits(64, 20_000, 4_194_304));
  }

  private static JsonRefused refused(byte[] body) {
    JsonRefused refused = catchThrowableOfType(JsonRefused.class, () -> JSON.read(body));
    assertThat(refused).as("refusal").isNotNull();
    return refused;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
