package org.clinisandbox.fhir.path;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts an expression into tokens. */
final class Lexer {
  enum Kind {
    WORD,
    QUOTED_WORD,
    STRING,
    NUMBER,
    MOMENT,
    VARIABLE,
    SPECIAL,
    SYMBOL,
    END
  }

  /**
   * A word, value or symbol.
   *
   * @param text without quotes, escapes and the mark in front
   * @param at column, from 1
   */
  record Token(Kind kind, String text, int at) {
    boolean is(String symbol) {
      return (kind == Kind.SYMBOL || kind == Kind.WORD) && text.equals(symbol);
    }
  }

  // Possessive, so that each takes time in proportion to what it reads.
  private static final Pattern SPACE = Pattern.compile("[ \\t\\r\\n]++|//[^\\r\\n]*+");
  private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*+");
  private static final Pattern NUMBER = Pattern.compile("[0-9]++(?:\\.[0-9]++)?+");
  private static final Pattern SYMBOL = Pattern.compile("!=|!~|<=|>=|[.,()\\[\\]{}=~<>|+*/&-]");
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{4}");
  private static final int SHOWN = 40;

  private final String source;
  private final Matcher matcher;
  private int at;

  private Lexer(String source) {
    this.source = source;
    matcher = SPACE.matcher(source);
  }

  static List<Token> tokens(String source) throws FhirPathException {
    Lexer lexer = new Lexer(source);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.kind() != Kind.END);
    return tokens;
  }

  /** What a message may show of an expression. */
  static String printable(String text) {
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
  }

  private Token next() throws FhirPathException {
    skip();
    int start = at + 1;
    if (at == source.length()) {
      return new Token(Kind.END, "", start);
    }
    char c = source.charAt(at);
    return switch (c) {
      case '\'' -> new Token(Kind.STRING, quoted(c), start);
      case '`' -> new Token(Kind.QUOTED_WORD, quoted(c), start);
      case '@' -> {
        at++;
        if (!looksAt(Moment.FORM)) {
          throw new FhirPathException(start, "A date, dateTime or time must follow @.");
        }
        yield new Token(Kind.MOMENT, matcher.group(), start);
      }
      case '%' -> {
        at++;
        char first = at < source.length() ? source.charAt(at) : ' ';
        boolean quote = first == '\'' || first == '`';
        String name = quote ? quoted(first) : word(start, "A variable's name must follow %.");
        yield new Token(Kind.VARIABLE, name, start);
      }
      case '$' -> {
        at++;
        yield new Token(Kind.SPECIAL, word(start, "this, index or total must follow $."), start);
      }
      default -> plain(start);
    };
  }

  private Token plain(int start) throws FhirPathException {
    if (looksAt(WORD)) {
      return new Token(Kind.WORD, matcher.group(), start);
    }
    if (looksAt(NUMBER)) {
      return new Token(Kind.NUMBER, matcher.group(), start);
    }
    if (looksAt(SYMBOL)) {
      return new Token(Kind.SYMBOL, matcher.group(), start);
    }
    throw new FhirPathException(
        start, "The character U+%04X has no place here.".formatted((int) source.charAt(at)));
  }

  private void skip() throws FhirPathException {
    while (true) {
      if (source.startsWith("/*", at)) {
        int end = source.indexOf("*/", at + 2);
        if (end < 0) {
          throw new FhirPathException(at + 1, "This comment has no end; close it with */.");
        }
        at = end + 2;
      } else if (!looksAt(SPACE)) {
        return;
      }
    }
  }

  private boolean looksAt(Pattern pattern) {
    matcher.usePattern(pattern).region(at, source.length());
    if (!matcher.lookingAt()) {
      return false;
    }
    at = matcher.end();
    return true;
  }

  private String word(int start, String otherwise) throws FhirPathException {
    if (!looksAt(WORD)) {
      throw new FhirPathException(start, otherwise);
    }
    return matcher.group();
  }

  private String quoted(char quote) throws FhirPathException {
    int start = at + 1;
    StringBuilder text = new StringBuilder();
    at++;
    while (at < source.length()) {
      char c = source.charAt(at++);
      if (c == quote) {
        return text.toString();
      }
      text.append(c == '\\' ? escaped() : c);
    }
    throw new FhirPathException(
        start, "This quote is not closed; close it with %s.".formatted(quote));
  }

  private char escaped() throws FhirPathException {
    int start = at;
    char c = at < source.length() ? source.charAt(at++) : ' ';
    return switch (c) {
      case '\'', '"', '`', '\\', '/' -> c;
      case 'r' -> '\r';
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'f' -> '\f';
      case 'u' -> {
        if (!looksAt(HEX)) {
          throw new FhirPathException(start, "Four hexadecimal digits must follow \\u.");
        }
        yield (char) Integer.parseInt(matcher.group(), 16);
      }
      default ->
          throw new FhirPathException(
              start, "There is no such escape; write \\\\ for a backslash.");
    };
  }
}
