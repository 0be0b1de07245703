package org.clinisandbox.sandbox.gvisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.clinisandbox.registry.Limits;
import org.clinisandbox.registry.Protocol;
import org.clinisandbox.sandbox.Answer;
import org.clinisandbox.sandbox.ModelImage;
import org.clinisandbox.sandbox.Sandbox;
import org.clinisandbox.sandbox.contract.Requires;
import org.clinisandbox.sandbox.host.Host;
import org.clinisandbox.sandbox.host.ImageRoot;

/** An image whose model does what it is told, compiled here. */
record TestModel(Path root) {
  static final byte[] REQUEST = "{}".getBytes(StandardCharsets.UTF_8);
  static final Limits LIMITS = new Limits(64L << 20, 1, Duration.ofSeconds(20), 1 << 16);

  static TestModel compiled(Path folder) throws Exception {
    Requires.that(Host.find("runsc").isPresent(), "runsc is not installed: apt-get install runsc");
    Requires.that(
        Host.find("bwrap").isPresent(), "bwrap is not installed: apt-get install bubblewrap");
    Requires.that(
        Host.find("musl-gcc").isPresent(), "musl-gcc is not here: apt-get install musl-tools");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path root = Files.createDirectory(folder.resolve("image"));
    for (String name : ImageRoot.OWN_FOLDERS) {
      Files.createDirectory(root.resolve(name));
    }
    Path source = folder.resolve("model.c");
    try (InputStream text = TestModel.class.getResourceAsStream("model.c")) {
      Files.copy(text, source, StandardCopyOption.REPLACE_EXISTING);
    }
    Path program = root.resolve("model");
    Process compiler =
        new ProcessBuilder(
                "musl-gcc",
                "-static",
                "-Os",
                "-D_GNU_SOURCE",
                source.toString(),
                "-o",
                program.toString())
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return new TestModel(root);
  }

  ModelImage.Container image(String... told) {
    List<String> arguments = new java.util.ArrayList<>(List.of("/model"));
    arguments.addAll(List.of(told));
    return new ModelImage.Container(
        "sha256:" + "0".repeat(64),
        root,
        arguments,
        List.of(),
        "/",
        Protocol.JSON_LINES,
        "model",
        "{}");
  }

  Answer ask(GvisorBackend backend, Limits limits, String... told) throws Exception {
    try (Sandbox sandbox = backend.start(image(told), limits)) {
      return sandbox.ask(REQUEST);
    }
  }

  /** What an answer comes to: the line, or the failure's name. */
  static String word(Answer answer) {
    return switch (answer) {
      case Answer.Replied replied -> new String(replied.line(), StandardCharsets.UTF_8);
      case Answer.Failed failed -> failed.failure().name();
    };
  }
}
