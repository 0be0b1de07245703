package org.clinisandbox.sandbox.gvisor;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** How gVisor catches a model's system calls, the quicker way first. */
enum Platform {
  /** By a seccomp filter that makes each a signal. */
  SYSTRAP,
  /** By tracing every process. */
  PTRACE;

  private static final Map<Path, Platform> KNOWN = new ConcurrentHashMap<>();

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The first that this {@code runsc} has. It is asked once.
   *
   * @throws IOException when it has none, or does not say
   */
  static Platform of(Path runsc) throws IOException {
    Platform known = KNOWN.get(runsc);
    if (known == null) {
      known = ask(runsc);
      KNOWN.put(runsc, known);
    }
    return known;
  }

  private static Platform ask(Path runsc) throws IOException {
    Process asked =
        new ProcessBuilder(runsc.toString(), "help", "platforms")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    asked.getOutputStream().close();
    try (InputStream answer = asked.getInputStream()) {
      List<String> words =
          List.of(new String(answer.readAllBytes(), StandardCharsets.UTF_8).split("\\W+", -1));
      return Stream.of(values())
          .filter(platform -> words.contains(platform.label()))
          .findFirst()
          .orElseThrow(() -> new IOException(runsc + " has neither systrap nor ptrace"));
    }
  }
}
