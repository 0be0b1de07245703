package org.clinisandbox.registry;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model's version. Its text is kept exactly; its rank is Semantic Versioning 2.0.0 precedence
 * (section 11), with missing parts counting as 0 and build metadata ignored. So {@code 1.0} and
 * {@code 1.0.0+b7} rank the same without being equal: this order is not consistent with {@code
 * equals}.
 */
public record ModelVersion(String text) implements Comparable<ModelVersion> {
  private static final String NUMBER = "(?:0|[1-9][0-9]*)";
  private static final String WORD = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<core>"
              + NUMBER
              + "(?:\\."
              + NUMBER
              + "){0,2})"
              + "(?:-(?<pre>"
              + WORD
              + "(?:\\."
              + WORD
              + ")*))?"
              + "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");
  private static final int LONGEST = 64;

  /** Whole numbers without leading zeros: the longer is the greater. */
  private static final Comparator<String> NUMERIC =
      Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

  /**
   * @throws IllegalArgumentException when the text is not a version
   */
  public ModelVersion {
    if (!isVersion(text)) {
      throw new IllegalArgumentException(
          "not a version: at most three numbers, as 2.0.0 or 2.1-rc.1");
    }
  }

  /** Whether a text is a version: one to three numbers, then perhaps a pre-release and a build. */
  public static boolean isVersion(String text) {
    return text.length() <= LONGEST && FORM.matcher(text).matches();
  }

  @Override
  public int compareTo(ModelVersion other) {
    int byCore = compareCores(part("core"), other.part("core"));
    return byCore != 0 ? byCore : comparePreReleases(part("pre"), other.part("pre"));
  }

  private @Nullable String part(String group) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches() ? matcher.group(group) : null;
  }

  private static int compareCores(@Nullable String mine, @Nullable String theirs) {
    List<String> left = split(mine);
    List<String> right = split(theirs);
    for (int i = 0; i < 3; i++) {
      int order =
          NUMERIC.compare(
              i < left.size() ? left.get(i) : "0", i < right.size() ? right.get(i) : "0");
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int comparePreReleases(@Nullable String mine, @Nullable String theirs) {
    if (mine == null || theirs == null) {
      return Boolean.compare(mine == null, theirs == null);
    }
    List<String> left = split(mine);
    List<String> right = split(theirs);
    for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
      int order = compareWords(left.get(i), right.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(left.size(), right.size());
  }

  private static int compareWords(String mine, String theirs) {
    boolean numeric = isNumber(mine);
    if (numeric != isNumber(theirs)) {
      return numeric ? -1 : 1;
    }
    return numeric ? NUMERIC.compare(mine, theirs) : mine.compareTo(theirs);
  }

  private static boolean isNumber(String word) {
    return word.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static List<String> split(@Nullable String dotted) {
    return dotted == null ? List.of() : List.of(dotted.split("\\.", -1));
  }
}
