package org.clinisandbox.sandbox.firecracker;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of Firecracker, as {@code 1.16.1}. */
record Release(int major, int minor, int patch) implements Comparable<Release> {
  private static final Pattern FORM = Pattern.compile("v?(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final Release OLDEST = new Release(1, 16, 1);

  /** Of text that is one; empty for anything else, as for a release still in the making. */
  static Optional<Release> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Release(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3))))
        : Optional.empty();
  }

  /** Whether it speaks the API that is spoken here, and restores vsock devices as it should. */
  boolean isSupported() {
    return major == OLDEST.major && compareTo(OLDEST) >= 0;
  }

  /** What is wrong with an unsupported one. */
  String fault() {
    return equals(new Release(1, 16, 0))
        ? "Firecracker 1.16.0 restores machines whose vsock device is dead"
        : "Firecracker " + this + " is not supported";
  }

  @Override
  public int compareTo(Release other) {
    return Comparator.comparingInt(Release::major)
        .thenComparingInt(Release::minor)
        .thenComparingInt(Release::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
