package org.clinisandbox.registry;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a text of a manifest must look like.
 *
 * @param expectation completes "must be …"
 */
record Syntax(String expectation, Predicate<String> accepts) {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  static final Syntax KEY =
      pattern("[a-z0-9][a-z0-9-]{0,63}", "1 to 64 lower-case letters, digits and hyphens");
  static final Syntax VERSION =
      new Syntax("one to three numbers, as \"2.0.0\" or \"2.1-rc.1\"", ModelVersion::isVersion);
  static final Syntax INPUT_NAME =
      pattern("[a-z][a-z0-9_]{0,63}", "1 to 64 lower-case letters, digits and underscores");
  static final Syntax LOINC =
      new Syntax("a LOINC code with its right check digit, as \"8310-5\"", Loinc::isNumber);
  static final Syntax IMAGE =
      new Syntax(
          "wasm:PATH@sha256:HEX, oci:PATH_OR_REF@sha256:HEX or mock/NAME, the digests optional; "
              + "PATH is relative and has no \"..\"",
          Syntax::isImage);
  static final Syntax UNIT = new Syntax("a UCUM unit, as \"mm[Hg]\"", Syntax::isUnit);
  static final Syntax SYSTEM =
      pattern("[A-Za-z][A-Za-z0-9+.-]*:[^\\s\\p{Cntrl}]{1,240}", "an absolute URI");
  static final Syntax CODE = pattern("[^\\s\\p{Cntrl}]{1,64}", "a code without blanks");
  static final Syntax WORD =
      pattern("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}", "a word of letters, digits, _ . + -");
  static final Syntax UUID =
      pattern("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}", "a UUID");
  static final Syntax LANGUAGE =
      pattern("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", "a language tag, as \"en\" or \"pt-BR\"");
  static final Syntax SETTING_NAME =
      pattern("[a-z][a-z0-9_-]*(\\.[a-z][a-z0-9_-]*)*", "lower-case words with dots between");
  static final Syntax PROPERTY =
      pattern("[ -~]{1,64}", "a property's name of 1 to 64 ASCII characters");
  static final Syntax TITLE = prose(200);
  static final Syntax QUESTION = prose(300);
  static final Syntax FREE_TEXT =
      new Syntax("1 to 4000 characters", text -> !text.isBlank() && text.length() <= 4000);

  private static Syntax pattern(String regex, String expectation) {
    return new Syntax(expectation, Pattern.compile(regex).asMatchPredicate());
  }

  /** One line for people. */
  private static Syntax prose(int longest) {
    return new Syntax(
        "one line of 1 to " + longest + " characters",
        text -> !text.isBlank() && text.length() <= longest && !CONTROL.matcher(text).find());
  }

  private static final Predicate<String> WASM_IMAGE =
      Pattern.compile("wasm:(?!/)[A-Za-z0-9._/+-]{1,200}(@sha256:[0-9a-f]{64})?")
          .asMatchPredicate();
  private static final Predicate<String> OTHER_IMAGE =
      Pattern.compile(
              "oci:[A-Za-z0-9][A-Za-z0-9._/:+-]{0,200}(@sha256:[0-9a-f]{64})?"
                  + "|mock/[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
          .asMatchPredicate();
  private static final Pattern PARENT_FOLDER = Pattern.compile("(^|[:/])\\.\\.(/|@|$)");

  private static boolean isImage(String text) {
    return (WASM_IMAGE.test(text) || OTHER_IMAGE.test(text)) && !PARENT_FOLDER.matcher(text).find();
  }

  private static final Pattern ANNOTATION = Pattern.compile("\\{[!-z|~]*}");
  private static final Pattern BRACKETED = Pattern.compile("\\[[A-Za-z0-9_'./%]+]");
  private static final Predicate<String> PLAIN_UNIT =
      Pattern.compile("[A-Za-z0-9*^'\"%/.()+-]*").asMatchPredicate();

  /** Visible ASCII with its brackets in order; whether UCUM knows the unit is not asked here. */
  private static boolean isUnit(String text) {
    if (text.isEmpty() || text.length() > 64) {
      return false;
    }
    String plain = BRACKETED.matcher(ANNOTATION.matcher(text).replaceAll("")).replaceAll("u");
    int open = 0;
    for (int i = 0; i < plain.length() && open >= 0; i++) {
      open += plain.charAt(i) == '(' ? 1 : plain.charAt(i) == ')' ? -1 : 0;
    }
    return open == 0 && PLAIN_UNIT.test(plain);
  }
}
