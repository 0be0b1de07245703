package org.clinisandbox.fhir.validation;

import org.jspecify.annotations.Nullable;

/** What the address of a link or an image in a narrative must look like. */
final class Links {
  private static final String MARKS = ";?:@&=+$.,/%-_~#[]!'()*|";

  private Links() {}

  /** What is wrong with the address in this part of a text; null when it is right. */
  static @Nullable String wrong(String text, int from, int to) {
    if (from == to) {
      return "The narrative has a link without an address.";
    }
    if (hasScheme(text, from, to, "javascript") || hasScheme(text, from, to, "vbscript")) {
      return "A narrative has no scripts, and no links to such.";
    }
    if (text.startsWith("data:", from)) {
      return isData(text, from + 5, to)
          ? null
          : "The narrative has a data: address that is not a media type, a comma and data.";
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!Texts.isAlphanumeric(c)
          && (c < 0x7F ? MARKS.indexOf(c) < 0 : !Character.isLetterOrDigit(c))) {
        return "The narrative has an address with characters that no URL has.";
      }
    }
    return null;
  }

  /** Whether people can't follow the link, because it names something without saying where. */
  static boolean leadsNowhere(String text, int from, int to) {
    return hasScheme(text, from, to, "urn") || hasScheme(text, from, to, "cid");
  }

  private static boolean hasScheme(String text, int from, int to, String scheme) {
    int colon = from + scheme.length();
    return colon < to
        && text.charAt(colon) == ':'
        && text.regionMatches(true, from, scheme, 0, scheme.length());
  }

  /** Whether it is {@code [type/subtype][;…],data}, with one comma. */
  private static boolean isData(String text, int from, int to) {
    int comma = text.indexOf(',', from);
    if (comma < 0 || comma + 1 >= to) {
      return false;
    }
    int another = text.indexOf(',', comma + 1);
    if (another >= 0 && another < to) {
      return false;
    }
    int slash = text.indexOf('/', from);
    boolean typed = slash > from && slash < comma - 1;
    return (typed || from == comma || text.charAt(from) == ';')
        && (!text.startsWith(";base64", comma - ";base64".length())
            || Texts.isBase64(text, comma + 1, to));
  }
}
