package org.clinisandbox.fhir;

/**
 * A body is not the JSON that is accepted here. The message names the place and the remedy; it
 * never repeats anything of the body, so it may be logged and sent back.
 */
public final class JsonRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong. */
  public enum Kind {
    NOT_JSON("This is not JSON; send one complete JSON document, as RFC 8259 defines it."),
    BAD_UTF8("These bytes are not UTF-8; encode the document as UTF-8."),
    BYTE_ORDER_MARK("The document begins with a byte order mark; send it without one."),
    BAD_CHARACTER("A NUL or half of a surrogate pair stands here; remove or replace it."),
    DUPLICATE_KEY("An object has the same property twice; keep one of them."),
    TRAILING_CONTENT("Something follows the end of the document; send one document only."),
    TOO_DEEP("The document is nested too deep; at most %d levels are accepted."),
    STRING_TOO_LONG("A string or property name is too long; at most %d characters are accepted."),
    NUMBER_TOO_LONG("A number has too many digits; at most %d are accepted."),
    TOO_MANY_ENTRIES("The bundle has too many entries; send at most %d in one bundle.");

    private final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  private final Kind kind;
  private final int line;
  private final int column;

  JsonRefused(Kind kind, int line, int column, int limit) {
    // No cause: a JSON library's own message quotes the source.
    super("Line %d, column %d: %s".formatted(line, column, kind.text.formatted(limit)));
    this.kind = kind;
    this.line = line;
    this.column = column;
  }

  public Kind kind() {
    return kind;
  }

  /** Counted from 1. */
  public int line() {
    return line;
  }

  /** Counted in bytes, from 1. */
  public int column() {
    return column;
  }
}
