package org.clinisandbox.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of the product, started from its jar. */
final class Node implements AutoCloseable {
  private static final Path PROJECT = Path.of("").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Process process;
  private final Path out;
  private final Path err;

  private Node(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts a command; its output goes to files in a folder of the test's. */
  static Node start(Path logs, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-Xmx768m");
    command.add("-jar");
    command.add(PROJECT.resolve("target/clinisandbox.jar").toString());
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile(logs, arguments[0], ".out");
      Path err = Files.createTempFile(logs, arguments[0], ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().put("CLINISANDBOX_HOME", PROJECT.toString());
      builder.environment().putAll(environment);
      return new Node(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for a line that begins with this word, and returns the rest of it. */
  String line(String word) {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      boolean alive = process.isAlive();
      String found =
          stdout()
              .lines()
              .filter(line -> line.startsWith(word + " "))
              .map(line -> line.substring(word.length() + 1))
              .findFirst()
              .orElse("");
      if (!found.isEmpty()) {
        return found;
      }
      if (!alive) {
        throw new AssertionError("it ended without \"" + word + "\": " + stderr());
      }
      pause();
    }
    throw new AssertionError("it did not say \"" + word + "\" in time: " + stderr());
  }

  /** Waits for the end; returns the exit code. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it did not end in time: " + stderr());
    }
    return process.exitValue();
  }

  String stdout() {
    return read(out);
  }

  String stderr() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /** Kills the process and all that it started, as a power cut would, its servers included. */
  void killTree(Path data) throws IOException {
    List<ProcessHandle> tree =
        new ArrayList<>(
            Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList());
    for (String pidFile : List.of("postgres/postmaster.pid", "redis/redis.pid")) {
      long pid = Long.parseLong(Files.readAllLines(data.resolve(pidFile)).getFirst().trim());
      ProcessHandle.of(pid)
          .ifPresent(
              server -> {
                tree.addAll(server.descendants().toList());
                tree.add(server);
              });
    }
    tree.forEach(ProcessHandle::destroyForcibly);
    tree.forEach(handle -> handle.onExit().orTimeout(30, TimeUnit.SECONDS).join());
  }

  static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Asks it to end, and waits until it has. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it did not end when asked to: " + stderr());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
