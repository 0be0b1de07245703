package org.clinisandbox.sandbox.image;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What images have to be made for, in their words. */
final class Platform {
  static final String OS = "linux";

  private Platform() {}

  /** This host's architecture, as {@code amd64} or {@code arm64}. */
  static String architecture() {
    String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (name) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }

  static boolean fits(@Nullable String os, @Nullable String architecture) {
    return OS.equals(os) && architecture().equals(architecture);
  }

  /** Refuses an image of another platform. */
  static void check(@Nullable String os, @Nullable String architecture) throws ImageException {
    if (!fits(os, architecture)) {
      throw ImageException.refused(
          "is not made for " + OS + "/" + architecture() + "; build it for this host");
    }
  }
}
