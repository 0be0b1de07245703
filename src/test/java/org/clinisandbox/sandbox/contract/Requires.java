package org.clinisandbox.sandbox.contract;

import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.util.List;
import org.clinisandbox.sandbox.host.Host;
import org.junit.jupiter.api.Assumptions;

/** What a machine lacks makes a test skip for people, and fail in CI. */
public final class Requires {
  private Requires() {}

  /** Goes on only if this holds. */
  public static void that(boolean holds, String lacking) {
    if (!holds && "true".equals(System.getenv("CI"))) {
      fail("This machine lacks what CI must have: " + lacking);
    }
    Assumptions.assumeTrue(holds, lacking);
  }

  /** What machines need of this one beside what the probe asks for. */
  public static void machines() {
    for (String program : List.of("qemu-system-x86_64", "bwrap", "mkfs.ext4", "musl-gcc")) {
      that(Host.find(program).isPresent(), program);
    }
    that(Files.exists(Subject.MACHINE.resolve("SHA256SUMS")), "what make guest makes");
  }
}
