package org.clinisandbox.fhir.validation;

import java.util.Map;
import java.util.TreeMap;

/**
 * The elements and attributes that a narrative may have. A set of elements is the bits of their
 * numbers.
 */
final class Xhtml {
  private static final String[] ELEMENTS =
      ("div p br h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite"
              + " blockquote hr address bdo kbd sub sup ul ol li dl dt dd pre table caption"
              + " colgroup col thead tr tfoot tbody th td code samp img map area")
          .split(" ", -1);

  /** Attributes that every element may have, then those of some. */
  private static final String ATTRIBUTES =
      """
      * title style class id lang xml:lang xml:space xmlns dir accesskey tabindex
      * span width align valign char charoff abbr axis headers scope rowspan colspan
      a href name charset type hreflang rel rev shape coords
      img src border alt longdesc height width usemap ismap
      blockquote cite
      q cite
      map name
      area shape coords href nohref alt
      table summary width border frame rules cellspacing cellpadding
      pre space
      td nowrap
      """;

  static final int DIV = 0;
  static final int IMG;

  /** Runs of text, in which no blocks stand. */
  static final long TEXT =
      set("p h1 h2 h3 h4 h5 h6 pre address caption dt dd span")
          | set(
              "a b em i strong small big sub sup code tt dfn q var abbr acronym cite bdo kbd samp");

  /** What stands in itself at no depth. */
  static final long ONCE =
      set("a b em i strong small big sub sup code tt dfn q var abbr acronym cite bdo kbd samp p");

  static final long EMPTY = set("br img hr area");
  static final long NOT_IN_TEXT = set("div pre table ul ol");
  static final long PARAGRAPH = set("p");
  static final long NOT_IN_PARAGRAPH = set("blockquote p") | NOT_IN_TEXT;

  private static final long ANY = -1;
  private static final long[] PARENTS = new long[ELEMENTS.length];
  private static final long[] CHILDREN = new long[ELEMENTS.length];

  private static final Names ELEMENT_NAMES = new Names(ELEMENTS);
  private static final Names ATTRIBUTE_NAMES;
  private static final long[] OWNERS;

  /** The numbers of the attributes that are looked into. */
  static final int XMLNS;

  static final int HREF;
  static final int SRC;

  static {
    IMG = ELEMENT_NAMES.number("img");
    within("tr", "table thead tfoot tbody");
    within("tbody thead tfoot caption colgroup", "table");
    within("col", "colgroup table");
    within("th td", "tr");
    within("li", "ul ol");
    within("dt dd", "dl");
    only("table", "tbody tr caption thead tfoot col colgroup");
    only("tr", "td th");
    only("tbody thead tfoot", "tr");
    only("ul ol", "li");
    only("dl", "dt dd");
    only("map", "area");
    Map<String, Long> owners = new TreeMap<>();
    ATTRIBUTES
        .lines()
        .map(line -> line.split(" ", -1))
        .forEach(
            words -> {
              long elements = words[0].equals("*") ? ANY : set(words[0]);
              for (int i = 1; i < words.length; i++) {
                owners.merge(words[i], elements, (some, more) -> some | more);
              }
            });
    ATTRIBUTE_NAMES = new Names(owners.keySet().toArray(String[]::new));
    OWNERS = owners.values().stream().mapToLong(Long::longValue).toArray();
    XMLNS = ATTRIBUTE_NAMES.number("xmlns");
    HREF = ATTRIBUTE_NAMES.number("href");
    SRC = ATTRIBUTE_NAMES.number("src");
  }

  private Xhtml() {}

  /** The number of the element that is named in this part of a text; -1 when there is none. */
  static int element(String text, int from, int to) {
    return ELEMENT_NAMES.number(text, from, to);
  }

  /** The number of the attribute, below 64; -1 when this element has none of that name. */
  static int attribute(int element, String text, int from, int to) {
    int attribute = ATTRIBUTE_NAMES.number(text, from, to);
    return attribute >= 0 && in(OWNERS[attribute], element) ? attribute : -1;
  }

  static boolean in(long set, int element) {
    return (set >>> element & 1) != 0;
  }

  static long only(int element) {
    return 1L << element;
  }

  /** Whether one may stand directly in the other. */
  static boolean mayContain(int parent, int child) {
    return (CHILDREN[parent] == 0 || in(CHILDREN[parent], child))
        && (PARENTS[child] == 0 || in(PARENTS[child], parent));
  }

  /** Whether text may stand directly in it. */
  static boolean mayHaveText(int element) {
    return CHILDREN[element] == 0;
  }

  static String name(int element) {
    return ELEMENTS[element];
  }

  private static long set(String names) {
    long set = 0;
    for (String name : names.split(" ", -1)) {
      for (int i = 0; i < ELEMENTS.length; i++) {
        if (ELEMENTS[i].equals(name)) {
          set |= 1L << i;
        }
      }
    }
    return set;
  }

  private static void within(String children, String parents) {
    fill(PARENTS, children, parents);
  }

  private static void only(String parents, String children) {
    fill(CHILDREN, parents, children);
  }

  private static void fill(long[] sets, String names, String set) {
    for (String name : names.split(" ", -1)) {
      sets[ELEMENT_NAMES.number(name)] = set(set);
    }
  }

  /** Finds names in a text without cutting them out. */
  private static final class Names {
    private static final int SLOTS = 256;
    private final String[] names;
    private final byte[] slots = new byte[SLOTS];

    Names(String[] names) {
      this.names = names;
      for (int i = 0; i < names.length; i++) {
        int slot = hash(names[i], 0, names[i].length());
        while (slots[slot] != 0) {
          slot = (slot + 1) % SLOTS;
        }
        slots[slot] = (byte) (i + 1);
      }
    }

    int number(String name) {
      return number(name, 0, name.length());
    }

    int number(String text, int from, int to) {
      int slot = hash(text, from, to);
      while (slots[slot] != 0) {
        String name = names[slots[slot] - 1];
        if (name.length() == to - from && text.startsWith(name, from)) {
          return slots[slot] - 1;
        }
        slot = (slot + 1) % SLOTS;
      }
      return -1;
    }

    private static int hash(String text, int from, int to) {
      int length = to - from;
      return length == 0
          ? 0
          : (31 * length
                  + 7 * text.charAt(from)
                  + 13 * text.charAt(to - 1)
                  + 3 * text.charAt(from + length / 2))
              % SLOTS;
    }
  }
}
