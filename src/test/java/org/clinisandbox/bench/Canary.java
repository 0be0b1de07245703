package org.clinisandbox.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Looks for a word in what a sandbox may have left of it: plain, in hexadecimal, in base64. */
final class Canary {
  private final List<String> forms;
  private long bytes;
  private int hits;

  Canary(String word) {
    byte[] plain = word.getBytes(StandardCharsets.UTF_8);
    String hex = HexFormat.of().formatHex(plain);
    // Without its end, which depends on what follows.
    String base64 = Base64.getEncoder().encodeToString(plain).substring(0, plain.length / 3 * 4);
    forms = List.of(word, hex, hex.toUpperCase(Locale.ROOT), base64);
  }

  Canary look(String text) {
    bytes += text.length();
    hits += (int) forms.stream().filter(text::contains).count();
    return this;
  }

  /** In every file below, and in their names. */
  Canary lookBelow(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        look(file.toString());
        if (Files.isRegularFile(file)) {
          look(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return this;
  }

  /** In the command lines of what this process has started. */
  Canary lookAtProcesses() {
    ProcessHandle.current()
        .descendants()
        .flatMap(process -> process.info().commandLine().stream())
        .forEach(this::look);
    return this;
  }

  int hits() {
    return hits;
  }

  long bytes() {
    return bytes;
  }
}
