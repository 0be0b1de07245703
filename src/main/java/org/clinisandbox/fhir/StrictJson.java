package org.clinisandbox.fhir;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.clinisandbox.fhir.JsonRefused.Kind;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one HTTP body as one JSON document, strictly: UTF-8 without a byte order mark, no property
 * twice, nothing behind the end, no NUL and no half surrogate pair, everything within {@link
 * JsonLimits}. Numbers with a fraction or an exponent become exact decimals with their scale.
 * Immutable and safe for many threads.
 */
public final class StrictJson {
  /** Digits of a number, and powers of ten of its exponent; FHIR's own decimals need 18. */
  private static final int NUMBER_LENGTH = 256;

  private static final int CHUNK = 8192;

  private final JsonLimits limits;
  private final JsonFactory factory;

  public StrictJson(JsonLimits limits) {
    this.limits = requireNonNull(limits);
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    // One more than ours, so that ours speaks first.
                    .maxNestingDepth(limits.depth() + 1)
                    .maxNumberLength(NUMBER_LENGTH)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();
  }

  /**
   * Reads the whole body.
   *
   * @throws JsonRefused when it is not exactly one acceptable document
   */
  public JsonNode read(byte[] body) throws JsonRefused {
    boolean charactersByNumber = checkEncoding(body);
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), body)) {
      return new Reading(parser, charactersByNumber).document();
    }
  }

  /**
   * Must see every byte first: the parser accepts overlong forms and guesses UTF-16 from NULs.
   *
   * @return whether strings need a look of their own: half a pair, and NUL, only come by number
   */
  private static boolean checkEncoding(byte[] body) throws JsonRefused {
    if (body.length >= 3
        && body[0] == (byte) 0xEF
        && body[1] == (byte) 0xBB
        && body[2] == (byte) 0xBF) {
      throw new JsonRefused(Kind.BYTE_ORDER_MARK, 1, 1, 0);
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(Math.min(CHUNK, body.length + 1));
    CoderResult result;
    do {
      out.clear();
      result = decoder.decode(in, out, true);
    } while (result.isOverflow());
    if (result.isError()) {
      throw at(body, in.position(), Kind.BAD_UTF8);
    }
    boolean byNumber = false;
    for (int from = 0; from < body.length; from += CHUNK) {
      // One byte more, as what is sought may lie across two chunks.
      int length = Math.min(CHUNK + 1, body.length - from);
      String chunk = new String(body, from, length, StandardCharsets.ISO_8859_1);
      int nul = chunk.indexOf(0);
      if (nul >= 0) {
        throw at(body, from + nul, Kind.BAD_CHARACTER);
      }
      byNumber |= chunk.contains("\\u");
    }
    return byNumber;
  }

  private static JsonRefused at(byte[] body, int position, Kind kind) {
    int line = 1;
    int lineStart = 0;
    for (int i = 0; i < position; i++) {
      if (body[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    return new JsonRefused(kind, line, position - lineStart + 1, 0);
  }

  /** One document being read. */
  private final class Reading {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonParser parser;
    private final boolean charactersByNumber;

    Reading(JsonParser parser, boolean charactersByNumber) {
      this.parser = parser;
      this.charactersByNumber = charactersByNumber;
    }

    JsonNode document() throws JsonRefused {
      JsonToken first = next();
      if (first == null) {
        throw refused(Kind.NOT_JSON, 0);
      }
      JsonNode root = value(first, Place.ROOT, 0);
      JsonToken more;
      try {
        more = parser.nextToken();
      } catch (JacksonException e) {
        throw refused(Kind.TRAILING_CONTENT, 0);
      }
      if (more != null) {
        throw refused(Kind.TRAILING_CONTENT, 0);
      }
      return root;
    }

    private JsonNode value(JsonToken token, Place place, int depth) throws JsonRefused {
      return switch (token) {
        case START_OBJECT -> object(place, depth + 1);
        case START_ARRAY -> array(place, depth + 1);
        case VALUE_STRING -> NODES.stringNode(string());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(token);
        case VALUE_TRUE -> NODES.booleanNode(true);
        case VALUE_FALSE -> NODES.booleanNode(false);
        case VALUE_NULL -> NODES.nullNode();
        case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
            throw refused(Kind.NOT_JSON, 0);
      };
    }

    private ObjectNode object(Place place, int depth) throws JsonRefused {
      checkDepth(depth);
      ObjectNode object = NODES.objectNode();
      while (expect() != JsonToken.END_OBJECT) {
        String name = string();
        if (object.has(name)) {
          throw refused(Kind.DUPLICATE_KEY, 0);
        }
        object.set(name, value(expect(), place.under(name), depth));
      }
      return object;
    }

    private ArrayNode array(Place place, int depth) throws JsonRefused {
      checkDepth(depth);
      ArrayNode array = NODES.arrayNode();
      for (JsonToken token = expect(); token != JsonToken.END_ARRAY; token = expect()) {
        if (place == Place.ENTRIES && array.size() == limits.entries()) {
          throw refused(Kind.TOO_MANY_ENTRIES, limits.entries());
        }
        array.add(value(token, Place.ELSEWHERE, depth));
      }
      return array;
    }

    private void checkDepth(int depth) throws JsonRefused {
      if (depth > limits.depth()) {
        throw refused(Kind.TOO_DEEP, limits.depth());
      }
    }

    /** The current string or property name, checked. */
    private String string() throws JsonRefused {
      String text;
      try {
        text = parser.getString();
      } catch (JacksonException e) {
        throw syntax(e);
      }
      if (text.length() > limits.stringLength()) {
        throw refused(Kind.STRING_TOO_LONG, limits.stringLength());
      }
      if (charactersByNumber) {
        checkCharacters(text);
      }
      return text;
    }

    private void checkCharacters(String text) throws JsonRefused {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == 0 || Character.isLowSurrogate(c)) {
          throw refused(Kind.BAD_CHARACTER, 0);
        }
        if (Character.isHighSurrogate(c)
            && (++i == text.length() || !Character.isLowSurrogate(text.charAt(i)))) {
          throw refused(Kind.BAD_CHARACTER, 0);
        }
      }
    }

    private JsonNode number(JsonToken token) throws JsonRefused {
      try {
        if (token == JsonToken.VALUE_NUMBER_INT) {
          return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            case BIG_INTEGER, FLOAT, DOUBLE, BIG_DECIMAL ->
                NODES.numberNode(parser.getBigIntegerValue());
          };
        }
        BigDecimal number = parser.getDecimalValue();
        // Written plainly, 1E999999999 would be a gigabyte.
        if (Math.abs((long) number.scale()) > NUMBER_LENGTH) {
          throw refused(Kind.NUMBER_TOO_LONG, NUMBER_LENGTH);
        }
        return NODES.numberNode(number);
      } catch (StreamConstraintsException | ArithmeticException | NumberFormatException e) {
        throw refused(Kind.NUMBER_TOO_LONG, NUMBER_LENGTH);
      } catch (JacksonException e) {
        throw syntax(e);
      }
    }

    private JsonToken expect() throws JsonRefused {
      JsonToken token = next();
      if (token == null) {
        throw refused(Kind.NOT_JSON, 0);
      }
      return token;
    }

    private @org.jspecify.annotations.Nullable JsonToken next() throws JsonRefused {
      try {
        return parser.nextToken();
      } catch (JacksonException e) {
        throw syntax(e);
      }
    }

    private JsonRefused syntax(JacksonException e) {
      if (e instanceof StreamConstraintsException) {
        return refused(Kind.NUMBER_TOO_LONG, NUMBER_LENGTH);
      }
      TokenStreamLocation place = e.getLocation();
      return refused(Kind.NOT_JSON, 0, place == null ? parser.currentTokenLocation() : place);
    }

    private JsonRefused refused(Kind kind, int limit) {
      return refused(kind, limit, parser.currentTokenLocation());
    }

    private JsonRefused refused(Kind kind, int limit, TokenStreamLocation place) {
      return new JsonRefused(
          kind, Math.max(1, place.getLineNr()), Math.max(1, place.getColumnNr()), limit);
    }
  }

  /** Where the reader is, as far as it matters for finding the bundle's entries. */
  private enum Place {
    ROOT,
    BUNDLE,
    ENTRIES,
    ELSEWHERE;

    Place under(String name) {
      return switch (this) {
        case ROOT ->
            name.equals("fhir_bundle") ? BUNDLE : name.equals("entry") ? ENTRIES : ELSEWHERE;
        case BUNDLE -> name.equals("entry") ? ENTRIES : ELSEWHERE;
        case ENTRIES, ELSEWHERE -> ELSEWHERE;
      };
    }
  }
}
