package org.clinisandbox.fhir.differential;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Brings messages and places into a form in which like ones are equal. */
final class Words {
  private static final Pattern QUOTED = Pattern.compile("'[^']*'|\"[^\"]*\"|`[^`]*`");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern ENTRY =
      Pattern.compile("Bundle\\.entry(?:\\[(\\d{1,6})])?\\.resource\\b(.*)", Pattern.DOTALL);
  private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
  private static final Pattern TYPED = Pattern.compile("\\.ofType\\(\\w+\\)|\\[x]");
  private static final int LONGEST = 150;

  private Words() {}

  /** A message without what it quotes, and not long. */
  static String masked(String text) {
    String plain = NUMBER.matcher(QUOTED.matcher(text).replaceAll("'…'")).replaceAll("#").strip();
    return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
  }

  /** A place without HAPI's comments, and without the types of choices. */
  static String place(String place) {
    return TYPED.matcher(COMMENT.matcher(place).replaceAll("")).replaceAll("");
  }

  /** A place without indexes, and with an entry's resource type instead of its number. */
  static String general(JsonNode bundle, String place) {
    String plain = place(place);
    var entry = ENTRY.matcher(plain);
    if (entry.matches()) {
      int index = entry.group(1) == null ? 0 : Integer.parseInt(entry.group(1));
      JsonNode resource = bundle.path("entry").path(index).path("resource");
      String type = resource.path("resourceType").asString("Resource");
      plain = type + entry.group(2);
    }
    return INDEX.matcher(plain).replaceAll("");
  }
}
