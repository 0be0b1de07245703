package org.clinisandbox.fhir.validation;

import org.jspecify.annotations.Nullable;

/**
 * Is it the XHTML of a narrative? Well-formed, of the elements and attributes that R4 lists, with
 * nothing that acts or is fetched when it is shown, and not without content. One pass over the
 * characters; no XML parser, so there is nothing that could expand or fetch.
 */
final class Narrative {
  /** How deeply elements may be nested. */
  static final int DEEPEST = 64;

  private static final String NAMESPACE = "http://www.w3.org/1999/xhtml";
  private static final String COMMENT = "<!--";
  private static final String CDATA = "<![CDATA[";

  private static final String MALFORMED = "The narrative is not well-formed XHTML.";
  private static final String NO_ROOT =
      "A narrative is one div in the namespace http://www.w3.org/1999/xhtml, declared on it without"
          + " a prefix.";
  private static final String TOO_DEEP =
      "The narrative's elements are nested more than " + DEEPEST + " deep.";
  private static final String DOCTYPE = "A narrative has no document type declaration.";
  private static final String STYLESHEET = "A narrative has no style sheet.";
  private static final String ENTITY =
      "Of the named entities a narrative knows amp, lt, gt, quot and apos; write any other"
          + " character itself or by its number.";
  private static final String ELEMENT =
      "The narrative has an element that is not one of R4's basic formatting elements.";
  private static final String ATTRIBUTE =
      "The narrative has an attribute that R4 does not allow on its element.";
  private static final String BLOCK = "The narrative has a block inside of a run of text.";
  private static final String PLACE = "The narrative has an element where XHTML allows none such.";
  private static final String NOWHERE =
      "The narrative has a link to a urn: or cid:, which nobody can follow.";
  private static final String CONTENT = "The narrative has no content but white space.";

  private final String text;
  private int at;
  private @Nullable String wrong;

  private final byte[] open = new byte[DEEPEST];
  private final long[] around = new long[DEEPEST + 1];
  private int depth;
  private boolean content;

  private Narrative(String text) {
    this.text = text;
  }

  /** What is wrong with the value of a {@code div}, without repeating it; null when it is right. */
  static @Nullable String wrong(String div) {
    Narrative narrative = new Narrative(div);
    narrative.document();
    return narrative.wrong;
  }

  private boolean fail(String message) {
    if (wrong == null) {
      wrong = message;
    }
    return false;
  }

  private boolean document() {
    if (!outside()) {
      return false;
    }
    if (at == text.length() || !tag()) {
      return fail(NO_ROOT);
    }
    while (depth > 0) {
      if (!inside()) {
        return false;
      }
    }
    return outside() && (at == text.length() || fail(MALFORMED)) && (content || fail(CONTENT));
  }

  /** White space, comments and instructions, before and after the root. */
  private boolean outside() {
    while (at < text.length()) {
      if (isSpace(text.charAt(at))) {
        at++;
      } else if (text.startsWith("<!", at) || text.startsWith("<?", at)) {
        if (text.startsWith(CDATA, at)) {
          return fail(MALFORMED);
        }
        if (!declaration()) {
          return false;
        }
      } else {
        return true;
      }
    }
    return true;
  }

  /** One tag, reference, comment or run of characters inside of the root. */
  private boolean inside() {
    int end = text.length();
    int element = open[depth - 1];
    boolean filled = false;
    int i = at;
    for (; i < end; i++) {
      char c = text.charAt(i);
      if (c == '<' || c == '&') {
        break;
      }
      if (c > ' ') {
        if (!isAllowed(c) || (c == '>' && i >= 2 && text.startsWith("]]", i - 2))) {
          return fail(MALFORMED);
        }
        filled = true;
      } else if (!isSpace(c)) {
        return fail(MALFORMED);
      }
    }
    if (i > at && !hold(element, filled)) {
      return false;
    }
    at = i;
    if (i + 1 >= end) {
      return fail(MALFORMED);
    }
    if (text.charAt(i) == '&') {
      int character = reference(end);
      return character >= 0 && hold(element, character > ' ');
    }
    return switch (text.charAt(i + 1)) {
      case '/' -> endTag();
      case '!', '?' -> (!Xhtml.in(Xhtml.EMPTY, element) || fail(PLACE)) && declaration();
      default -> tag();
    };
  }

  private boolean hold(int element, boolean filled) {
    content |= filled;
    return (!Xhtml.in(Xhtml.EMPTY, element) && (!filled || Xhtml.mayHaveText(element)))
        || fail(PLACE);
  }

  /** A comment, a section of characters, or an instruction. */
  private boolean declaration() {
    if (text.startsWith(COMMENT, at)) {
      int end = text.indexOf("--", at + COMMENT.length());
      return text.startsWith("-->", end) ? skip(at + COMMENT.length(), end, 3) : fail(MALFORMED);
    }
    if (text.startsWith(CDATA, at)) {
      int from = at + CDATA.length();
      int end = text.indexOf("]]>", from);
      boolean filled = false;
      for (int i = from; i < end; i++) {
        filled |= text.charAt(i) > ' ';
      }
      return skip(from, end, 3) && hold(open[depth - 1], filled);
    }
    return text.startsWith("<?", at)
        ? instruction()
        : fail(text.startsWith("<!DOCTYPE", at) ? DOCTYPE : MALFORMED);
  }

  private boolean instruction() {
    int from = at + 2;
    int to = nameEnd(from);
    int end = text.indexOf("?>", to);
    if (to == from || !isNameStart(text.charAt(from)) || end < 0) {
      return fail(MALFORMED);
    }
    if (text.startsWith("xml-stylesheet", from)) {
      return fail(STYLESHEET);
    }
    boolean first = at == 0 && text.startsWith("xml", from);
    boolean named = end == to || isSpace(text.charAt(to));
    if (!named || (!first && isXml(from, to))) {
      return fail(MALFORMED);
    }
    return skip(to, end, 2);
  }

  /** XML keeps this name for the declaration at the very beginning. */
  private boolean isXml(int from, int to) {
    return to - from == 3 && text.regionMatches(true, from, "xml", 0, 3);
  }

  private boolean skip(int from, int to, int more) {
    if (to < 0) {
      return fail(MALFORMED);
    }
    for (int i = from; i < to; i++) {
      if (!isAllowed(text.charAt(i))) {
        return fail(MALFORMED);
      }
    }
    at = to + more;
    return true;
  }

  private boolean endTag() {
    int from = at + 2;
    int to = nameEnd(from);
    if (Xhtml.element(text, from, to) != open[depth - 1]) {
      return fail(MALFORMED);
    }
    at = to;
    space();
    if (at == text.length() || text.charAt(at) != '>') {
      return fail(MALFORMED);
    }
    at++;
    depth--;
    return true;
  }

  /** A start tag, which may be an end tag too. */
  private boolean tag() {
    int from = at + 1;
    int to = nameEnd(from);
    if (text.charAt(at) != '<' || to == from) {
      return fail(MALFORMED);
    }
    int element = Xhtml.element(text, from, to);
    if (element < 0) {
      return fail(ELEMENT);
    }
    if (depth == 0 ? element != Xhtml.DIV : !fits(element)) {
      return fail(NO_ROOT);
    }
    at = to;
    content |= element == Xhtml.IMG;
    if (!attributes(element)) {
      return false;
    }
    if (text.charAt(at) == '/') {
      at++;
      if (at == text.length() || text.charAt(at) != '>') {
        return fail(MALFORMED);
      }
    } else {
      if (depth == DEEPEST) {
        return fail(TOO_DEEP);
      }
      open[depth] = (byte) element;
      around[depth + 1] = around[depth] | Xhtml.only(element);
      depth++;
    }
    at++;
    return true;
  }

  private boolean fits(int element) {
    long outer = around[depth];
    if ((Xhtml.in(Xhtml.NOT_IN_TEXT, element) && (outer & Xhtml.TEXT) != 0)
        || (Xhtml.in(Xhtml.NOT_IN_PARAGRAPH, element) && (outer & Xhtml.PARAGRAPH) != 0)) {
      return fail(BLOCK);
    }
    int parent = open[depth - 1];
    return (Xhtml.mayContain(parent, element)
            && !Xhtml.in(Xhtml.EMPTY, parent)
            && !(Xhtml.in(Xhtml.ONCE, element) && Xhtml.in(outer, element)))
        || fail(PLACE);
  }

  /** Reads to the tag's end, which is {@code >} or {@code />}. */
  private boolean attributes(int element) {
    long seen = 0;
    while (true) {
      int before = at;
      space();
      if (at == text.length()) {
        return fail(MALFORMED);
      }
      char c = text.charAt(at);
      if (c == '>' || c == '/') {
        return depth > 0 || Xhtml.in(seen, Xhtml.XMLNS) || fail(NO_ROOT);
      }
      int from = at;
      int to = nameEnd(from);
      if (to == from || at == before) {
        return fail(MALFORMED);
      }
      int attribute = Xhtml.attribute(element, text, from, to);
      at = to;
      if (attribute >= 0) {
        if (Xhtml.in(seen, attribute)) {
          return fail(MALFORMED);
        }
        seen |= Xhtml.only(attribute);
      } else if (!isPrefix(from, to)) {
        return fail(ATTRIBUTE);
      }
      if (!value(attribute)) {
        return false;
      }
    }
  }

  /** Whether this declares a prefix, which nothing here will have. */
  private boolean isPrefix(int from, int to) {
    int name = from + "xmlns:".length();
    return name < to
        && text.startsWith("xmlns:", from)
        && isNameStart(text.charAt(name))
        && text.indexOf(':', name, to) < 0;
  }

  /** Reads {@code ="…"}. */
  private boolean value(int attribute) {
    space();
    if (at == text.length() || text.charAt(at) != '=') {
      return fail(MALFORMED);
    }
    at++;
    space();
    char quote = at == text.length() ? ' ' : text.charAt(at);
    if (quote != '"' && quote != '\'') {
      return fail(MALFORMED);
    }
    int from = at + 1;
    int to = text.indexOf(quote, from);
    if (to < 0) {
      return fail(MALFORMED);
    }
    at = from;
    boolean references = false;
    while (at < to) {
      char c = text.charAt(at);
      if (c == '<' || !isAllowed(c)) {
        return fail(MALFORMED);
      }
      if (c == '&') {
        references = true;
        if (reference(to) < 0) {
          return false;
        }
      } else {
        at++;
      }
    }
    at = to + 1;
    if (attribute == Xhtml.XMLNS) {
      return (to - from == NAMESPACE.length() && text.startsWith(NAMESPACE, from)) || fail(NO_ROOT);
    }
    return (attribute != Xhtml.HREF && attribute != Xhtml.SRC)
        || (references
            ? address(decoded(from, to), attribute)
            : address(text, from, to, attribute));
  }

  private boolean address(String url, int attribute) {
    return address(url, 0, url.length(), attribute);
  }

  private boolean address(String holder, int from, int to, int attribute) {
    String wrongLink = Links.wrong(holder, from, to);
    if (wrongLink != null) {
      return fail(wrongLink);
    }
    return attribute == Xhtml.SRC || !Links.leadsNowhere(holder, from, to) || fail(NOWHERE);
  }

  /** A checked value with its references replaced. */
  private String decoded(int from, int to) {
    int end = at;
    StringBuilder plain = new StringBuilder(to - from);
    at = from;
    while (at < to) {
      if (text.charAt(at) == '&') {
        plain.appendCodePoint(reference(to));
      } else {
        plain.append(text.charAt(at++));
      }
    }
    at = end;
    return plain.toString();
  }

  /** Reads a reference to a character that ends before {@code end}; -1 when it is none. */
  private int reference(int end) {
    int semicolon = at + 1;
    while (semicolon < end && semicolon < at + 16 && text.charAt(semicolon) != ';') {
      semicolon++;
    }
    if (semicolon >= end || text.charAt(semicolon) != ';') {
      fail(MALFORMED);
      return -1;
    }
    int character = character(at + 1, semicolon);
    at = semicolon + 1;
    return character;
  }

  private int character(int from, int to) {
    if (text.charAt(from) != '#') {
      int length = to - from;
      int named =
          length == 2 && text.startsWith("lt", from)
              ? '<'
              : length == 2 && text.startsWith("gt", from)
                  ? '>'
                  : length == 3 && text.startsWith("amp", from)
                      ? '&'
                      : length == 4 && text.startsWith("quot", from)
                          ? '"'
                          : length == 4 && text.startsWith("apos", from) ? '\'' : -1;
      if (named < 0) {
        fail(ENTITY);
      }
      return named;
    }
    boolean hex = text.charAt(from + 1) == 'x';
    int digits = from + (hex ? 2 : 1);
    int number = digits == to ? -1 : 0;
    for (int i = digits; i < to && number >= 0; i++) {
      char c = text.charAt(i);
      int digit = c < 0x7F ? Character.digit(c, hex ? 16 : 10) : -1;
      number =
          digit < 0 || number > Character.MAX_CODE_POINT ? -1 : number * (hex ? 16 : 10) + digit;
    }
    boolean good =
        number > 0xFFFF ? number <= Character.MAX_CODE_POINT : number >= 0 && isCharacter(number);
    if (!good) {
      fail(MALFORMED);
      return -1;
    }
    return number;
  }

  private static boolean isCharacter(int number) {
    return isAllowed((char) number) && !Character.isSurrogate((char) number);
  }

  /** Whether XML may have it; halves of pairs are taken to be paired. */
  private static boolean isAllowed(char c) {
    return c >= ' ' ? c < 0xFFFE : isSpace(c);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private void space() {
    while (at < text.length() && isSpace(text.charAt(at))) {
      at++;
    }
  }

  private int nameEnd(int from) {
    int i = from;
    while (i < text.length() && isOfName(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isOfName(char c) {
    return isNameStart(c) || Texts.isDigit(c) || c == ':' || c == '-' || c == '.';
  }

  private static boolean isNameStart(char c) {
    return c < 0x7F
        ? (Texts.isAlphanumeric(c) && !Texts.isDigit(c)) || c == '_'
        : Character.isLetter(c);
  }
}
