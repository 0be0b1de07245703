package org.clinisandbox.sandbox.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.clinisandbox.sandbox.host.Host;

/** Bubblewrap, told to do one thing more that it cannot do. */
public final class FailingJail {
  /** What it says of that. */
  public static final String COMPLAINT = "bwrap: Can't find source path /nowhere";

  private FailingJail() {}

  /** Its program, made in a folder that everybody may pass through. */
  public static Path in(Path folder) throws IOException {
    Path bwrap = Host.find("bwrap").orElse(null);
    Requires.that(bwrap != null, "bwrap");
    Path program = folder.resolve("bwrap");
    Files.writeString(
        program, "#!/bin/sh\nexec " + bwrap + " --ro-bind /nowhere /nowhere \"$@\"\n");
    Host.permit(program, "r-xr-xr-x");
    return program;
  }
}
